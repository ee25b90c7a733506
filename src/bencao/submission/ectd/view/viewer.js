"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const words = {
  en: {
    view: "View", sequence: "Sequence", against: "Against", find: "Find", lang: "中文",
    current: "Standing after a sequence", single: "One sequence alone", all: "All leaves with their history", diff: "Difference of two sequences",
    history: "History", opens: "Open the document", none: "No document", count: "{n} leaves", replaced: "replaced", deleted: "deleted",
    new: "new", replace: "replace", append: "append", delete: "delete", added: "added", changed: "changed", gone: "removed",
    where: "Where", md5: "MD5", language: "Language"
  },
  zh: {
    view: "视图", sequence: "序列", against: "对照", find: "查找", lang: "English",
    current: "某序列之后的现行内容", single: "单个序列", all: "全部叶元素及历史", diff: "两个序列的差异",
    history: "生命周期", opens: "打开文件", none: "无文件", count: "{n} 个叶元素", replaced: "已替换", deleted: "已删除",
    new: "新建", replace: "替换", append: "增补", delete: "删除", added: "新增", changed: "变更", gone: "移除",
    where: "位置", md5: "MD5", language: "语言"
  }
};
const chosen = { lang: document.documentElement.lang === "zh" ? "zh" : "en", leaf: null };
const at = id => document.getElementById(id);
const word = key => words[chosen.lang][key] || key;

function make(tag, text, kind) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

function standing(name) {
  // What an agency's reviewer sees after a sequence: leaves neither replaced nor deleted by it.
  const found = new Set();
  data.leaves.forEach((leaf, number) => {
    if (leaf.sequence > name || leaf.operation === "delete") return;
    const over = leaf.followers.some(one => data.leaves[one].sequence <= name && ["replace", "delete"].includes(data.leaves[one].operation));
    if (!over) found.add(number);
  });
  return found;
}

function status(number) {
  const done = data.leaves[number].followers.map(one => data.leaves[one].operation);
  return done.includes("delete") ? "deleted" : done.includes("replace") ? "replaced" : "";
}

function shown() {
  // Numbers of leaves with the badge that each has.
  const view = at("view").value, name = at("sequence").value;
  if (view === "all") return data.leaves.map((leaf, number) => [number, leaf.operation]);
  if (view === "single") return data.leaves.map((leaf, number) => [number, leaf.operation]).filter(([number]) => data.leaves[number].sequence === name);
  if (view === "current") return [...standing(name)].map(number => [number, data.leaves[number].operation]);
  const now = standing(name), before = standing(at("other").value), found = [], kept = new Set();
  for (const number of now) {
    if (before.has(number)) continue;
    let earlier = data.leaves[number].target;
    while (earlier !== null && !before.has(earlier)) earlier = data.leaves[earlier].target;
    if (earlier !== null) kept.add(earlier);
    found.push([number, earlier !== null ? "changed" : "added"]);
  }
  for (const number of before) if (!now.has(number) && !kept.has(number)) found.push([number, "gone"]);
  return found;
}

function heading(level) {
  const known = data.headings[level.name];
  const summary = make("summary");
  if (known) {
    summary.append(make("span", known.number, "number"), known[chosen.lang] || known.en);
  } else if (level.name !== "node-extension") {
    summary.append(level.name);
  }
  if (level.told) summary.append(" ", make("span", level.told, "told"));
  return summary;
}

function draw() {
  const tree = at("tree");
  tree.replaceChildren();
  const asked = at("find").value.trim().toLowerCase();
  const listed = shown().filter(([number]) => !asked || data.leaves[number].title.toLowerCase().includes(asked) || data.leaves[number].file.toLowerCase().includes(asked));
  const order = number => data.leaves[number].place.map(level => [data.headings[level.name] ? data.headings[level.name].order : 9999, level.told]);
  listed.sort(([one], [two]) => {
    const a = order(one), b = order(two);
    for (let depth = 0; depth < Math.min(a.length, b.length); depth++) {
      if (a[depth][0] !== b[depth][0]) return a[depth][0] - b[depth][0];
      if (a[depth][1] !== b[depth][1]) return a[depth][1] < b[depth][1] ? -1 : 1;
    }
    return a.length - b.length || one - two;
  });
  const made = new Map();
  function holder(place) {
    if (!place.length) return tree;
    const key = JSON.stringify(place);
    if (!made.has(key)) {
      const element = make("details");
      element.open = true;
      element.append(heading(place[place.length - 1]));
      holder(place.slice(0, -1)).append(element);
      made.set(key, element);
    }
    return made.get(key);
  }
  for (const [number, badge] of listed) {
    const leaf = data.leaves[number];
    const row = make("button", undefined, "leaf");
    row.type = "button";
    row.dataset.number = number;
    row.setAttribute("aria-current", String(number === chosen.leaf));
    const title = make("span", leaf.title, badge === "gone" || (at("view").value === "all" && status(number)) ? "gone" : "");
    const kind = { added: "new", changed: "replace", gone: "delete" }[badge] || badge;
    row.append(make("span", word(badge), "badge " + kind), make("span", leaf.sequence, "number"), title);
    row.addEventListener("click", () => choose(number));
    holder(leaf.place).append(row);
  }
  at("count").textContent = word("count").replace("{n}", listed.length);
}

function history(number) {
  let first = number;
  const seen = new Set([first]);
  while (data.leaves[first].target !== null && !seen.has(data.leaves[first].target)) {
    first = data.leaves[first].target;
    seen.add(first);
  }
  const found = [], left = [first];
  while (left.length) {
    const one = left.shift();
    if (found.includes(one)) continue;
    found.push(one);
    left.push(...data.leaves[one].followers);
  }
  return found;
}

function choose(number) {
  chosen.leaf = number;
  const leaf = data.leaves[number], facts = at("facts");
  facts.replaceChildren(make("h2", leaf.title));
  const last = leaf.place[leaf.place.length - 1], known = last && data.headings[last.name];
  if (known) facts.append(make("p", `${known.number} ${known[chosen.lang] || known.en}`));
  facts.append(make("p", leaf.file || word("none")));
  if (leaf.md5) facts.append(make("p", `${word("md5")} ${leaf.md5}`));
  facts.append(make("h2", word("history")));
  const list = make("ol");
  for (const one of history(number)) {
    const item = make("li"), step = data.leaves[one];
    const button = make("button", `${step.sequence} ${word(step.operation)}: ${step.title}`);
    button.type = "button";
    button.addEventListener("click", () => choose(one));
    item.append(button);
    if (status(one)) item.append(" ", make("span", word(status(one)), "badge delete"));
    list.append(item);
  }
  facts.append(list);
  const frame = at("document");
  if (leaf.file) frame.src = leaf.file.split("/").map(encodeURIComponent).join("/").replaceAll("%2E%2E", "..");
  else frame.removeAttribute("src");
  document.querySelectorAll(".leaf").forEach(row => row.setAttribute("aria-current", String(Number(row.dataset.number) === number)));
}

function label() {
  document.documentElement.lang = chosen.lang;
  document.querySelectorAll("[data-word]").forEach(one => { one.textContent = word(one.dataset.word); });
  at("lang").textContent = word("lang");
  const view = at("view").value;
  at("view").replaceChildren(...["current", "single", "all", "diff"].map(key => { const one = make("option", word(key)); one.value = key; return one; }));
  at("view").value = view || "current";
  for (const id of ["sequence", "other"]) {
    const value = at(id).value;
    at(id).replaceChildren(...data.sequences.map(one => { const told = make("option", [one.name, one[chosen.lang], one.description].filter(Boolean).join(" · ")); told.value = one.name; return told; }));
    at(id).value = value || data.sequences[id === "sequence" ? data.sequences.length - 1 : 0].name;
  }
  refresh();
}

function refresh() {
  at("other-label").hidden = at("view").value !== "diff";
  at("sequence").disabled = at("view").value === "all";
  draw();
}

for (const id of ["view", "sequence", "other"]) at(id).addEventListener("change", refresh);
at("find").addEventListener("input", draw);
at("lang").addEventListener("click", () => { chosen.lang = chosen.lang === "en" ? "zh" : "en"; label(); if (chosen.leaf !== null) choose(chosen.leaf); });
label();
