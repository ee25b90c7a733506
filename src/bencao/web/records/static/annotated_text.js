// A text with entities marked in it: a mark is opened by a click or Enter, a new one begins as a selection with the mouse.
// Places are counted in characters as Python counts them (code points). Vue writes texts as texts, never as markup.
export default {
  template: `
    <div class="annotated-text card" data-part="note-text" @mouseup="select">
      <template v-for="piece in pieces" :key="piece.from">
        <mark v-if="piece.name" :data-entity="piece.name" :data-from="piece.from" :data-kind="piece.kind" role="button" tabindex="0"
          :class="['kind-' + piece.colour, { chosen: piece.name === chosen, faint: piece.faint }]" :title="piece.title"
          @click="$emit('open', piece.name)" @keydown.enter.prevent="$emit('open', piece.name)">{{ piece.text }}</mark>
        <span v-else :data-from="piece.from">{{ piece.text }}</span>
      </template>
    </div>`,
  props: { text: String, spans: Array, chosen: String },
  emits: ['open', 'pick'],
  computed: {
    pieces() {
      const letters = Array.from(this.text);
      const found = [];
      let place = 0;
      const plain = to => { if (to > place) found.push({ from: place, text: letters.slice(place, to).join('') }); };
      for (const span of [...this.spans].sort((one, other) => one.start - other.start || other.end - one.end)) {
        if (span.start < place || span.end > letters.length || span.start >= span.end) continue;
        plain(span.start);
        found.push({ ...span, from: span.start, text: letters.slice(span.start, span.end).join('') });
        place = span.end;
      }
      plain(letters.length);
      return found;
    },
  },
  methods: {
    place(node, offset) {
      const element = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest('[data-from]');
      if (!element || !this.$el.contains(element)) return null;
      const before = node.nodeType === Node.TEXT_NODE ? node.textContent.slice(0, offset) : '';
      return Number(element.dataset.from) + Array.from(before).length;
    },
    select() {
      const selection = window.getSelection();
      if (!selection.rangeCount || selection.isCollapsed) return;
      const range = selection.getRangeAt(0);
      const start = this.place(range.startContainer, range.startOffset);
      const end = this.place(range.endContainer, range.endOffset);
      if (start !== null && end !== null && start < end) this.$emit('pick', { start, end });
    },
  },
};
