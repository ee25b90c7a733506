// The structure editor over the page: Ketcher in a frame of its own, loaded when it is first opened.
export default {
  template: `
    <div v-show="shown" class="editor-veil" @keydown.esc="shown = false">
      <div class="editor-box" role="dialog" aria-modal="true" :aria-label="words.draw">
        <iframe v-if="opened" ref="frame" src="/editor" :title="words.draw"></iframe>
        <div v-if="!ready" class="editor-wait">{{ words.loading }}</div>
        <div class="editor-foot">
          <span class="editor-fault">{{ fault }}</span>
          <button type="button" @click="shown = false">{{ words.close }}</button>
          <button type="button" class="main" :disabled="!ready" @click="use">{{ words.use }}</button>
        </div>
      </div>
    </div>`,
  props: { words: Object },
  data: () => ({ shown: false, opened: false, ready: false, fault: "" }),
  methods: {
    async open(smiles) {
      this.shown = this.opened = true;
      this.fault = "";
      const ketcher = await this.ketcher();
      try {
        await ketcher.setMolecule(smiles || "");
      } catch {
        this.fault = this.words.unread;
      }
      this.ready = true;
    },
    async ketcher() {
      while (!this.$refs.frame?.contentWindow?.ketcher) await new Promise((resolve) => setTimeout(resolve, 50));
      return this.$refs.frame.contentWindow.ketcher;
    },
    async use() {
      try {
        const smiles = await (await this.ketcher()).getSmiles();
        this.shown = false;
        this.$emit("structure", smiles);
      } catch (error) {
        this.fault = String(error.message ?? error);
      }
    },
  },
};
