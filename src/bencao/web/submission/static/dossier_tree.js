// The tree of an application: headings that open, leaves to choose. Vue writes texts as texts, never as markup.
const MOST_OPEN = 400; // rows; of a larger tree only the modules stand open at first

export default {
  template: `
    <div class="dossier-tree">
      <div class="tree-tools">
        <button type="button" data-tool="open" @click="closed = new Set()">{{ words['open all'] }}</button>
        <button type="button" data-tool="close" @click="closed = headings(0)">{{ words['close all'] }}</button>
      </div>
      <div role="tree" :aria-label="words['tree']">
        <button v-for="row in shown" :key="row.at" type="button" role="treeitem" :aria-level="row.depth + 1"
          :aria-expanded="row.leaf === null ? String(!closed.has(row.at)) : undefined"
          :aria-selected="String(row.leaf !== null && row.leaf === chosen)" :data-leaf="row.leaf" :data-mark="marks[row.at] || ''"
          :class="['tree-row', row.leaf === null ? 'tree-heading' : 'tree-leaf', { chosen: row.leaf !== null && row.leaf === chosen }]"
          :style="{ paddingLeft: row.depth * 1.05 + 0.3 + 'rem' }" @click="pick(row)">
          <template v-if="row.leaf === null">
            <span class="tree-arrow" aria-hidden="true">{{ closed.has(row.at) ? '▸' : '▾' }}</span>
            <span class="tree-number">{{ row.number }}</span>
            <span>{{ row.text }} <span class="tree-told">{{ row.told }}</span></span>
          </template>
          <template v-else>
            <span :class="['operation', row.operation]">{{ words[row.operation] || row.operation }}</span>
            <span class="tree-number">{{ row.sequence }}</span>
            <span :class="{ gone: row.status !== 'current' }" :title="words[row.status]">{{ row.text }}</span>
          </template>
          <span v-if="marks[row.at]" :class="['tree-mark', marks[row.at]]" :title="words['severity ' + marks[row.at]]"
            role="img" :aria-label="words['severity ' + marks[row.at]]"></span>
        </button>
      </div>
    </div>`,
  props: { rows: Array, marks: Array, chosen: Number, words: Object },
  emits: ['leaf'],
  data() { return { closed: new Set() }; },
  created() { this.begin(); },
  mounted() { this.reveal(); },
  watch: {
    rows(now, before) { if (JSON.stringify(now) !== JSON.stringify(before)) { this.begin(); this.reveal(); } },
    chosen() { this.reveal(); },
  },
  computed: {
    shown() {
      const found = [];
      let hidden = Infinity; // depth of the closed heading that what follows stands under
      this.rows.forEach((row, at) => {
        if (row.depth > hidden) return;
        hidden = row.leaf === null && this.closed.has(at) ? row.depth : Infinity;
        found.push({ ...row, at });
      });
      return found;
    },
  },
  methods: {
    headings(least) {
      return new Set([...this.rows.keys()].filter(at => this.rows[at].leaf === null && this.rows[at].depth >= least));
    },
    begin() { this.closed = this.rows.length > MOST_OPEN ? this.headings(1) : new Set(); },
    pick(row) {
      if (row.leaf !== null) { this.$emit('leaf', row.leaf); return; }
      const closed = new Set(this.closed);
      if (!closed.delete(row.at)) closed.add(row.at);
      this.closed = closed;
    },
    reveal() {
      const at = this.rows.findIndex(row => row.leaf !== null && row.leaf === this.chosen);
      if (at < 0) return;
      const closed = new Set(this.closed);
      for (let up = at, depth = this.rows[at].depth; up >= 0 && depth > 0; up--) {
        if (this.rows[up].depth < depth) { depth = this.rows[up].depth; closed.delete(up); }
      }
      this.closed = closed;
      this.$nextTick(() => this.$el.querySelector('.chosen')?.scrollIntoView({ block: 'nearest' }));
    },
  },
};
