// A molecule whose bonds are clicked: locked ones and the one to break are marked.
export default {
  template: `<div class="bond-picker" v-html="svg" @click="onClick" @keydown="onKey"></div>`,
  props: { svg: String, locked: Array, broken: String, words: Object },
  mounted() { this.mark(); },
  watch: {
    svg() { this.$nextTick(this.mark); },
    locked() { this.mark(); },
    broken() { this.mark(); },
  },
  methods: {
    mark() {
      for (const bond of this.$el.querySelectorAll(".bond")) {
        const name = bond.dataset.bond, locked = this.locked.includes(name);
        bond.classList.toggle("locked", locked);
        bond.classList.toggle("broken", name === this.broken);
        bond.setAttribute("tabindex", "0");
        bond.setAttribute("role", "button");
        bond.setAttribute("aria-pressed", String(locked || name === this.broken));
        bond.setAttribute("aria-label", `${this.words.bond} ${name}`);
      }
    },
    onClick(event) {
      const bond = event.target.closest(".bond");
      if (bond) this.$emit("bond", bond.dataset.bond);
    },
    onKey(event) {
      if (event.key !== "Enter" && event.key !== " ") return;
      this.onClick(event);
      event.preventDefault();
    },
  },
};
