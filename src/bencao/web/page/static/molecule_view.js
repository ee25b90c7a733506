// A scene in three dimensions: Mol* in a frame of its own, which is given one scene after the other.
export default {
  template: `
    <div v-show="address" class="molecule-view">
      <div class="molecule-frame">
        <iframe v-if="address" ref="frame" src="/viewer" :title="words.view"></iframe>
        <div v-if="said" class="molecule-said">{{ said }}</div>
      </div>
      <div class="hint">{{ words.hint }}</div>
    </div>`,
  props: { address: String, words: Object },
  data: () => ({ said: "", asked: 0 }),
  mounted() { this.show(); },
  watch: { address() { this.show(); } },
  methods: {
    async show() {
      const mine = ++this.asked;
      if (!this.address) return;
      this.said = this.words.loading;
      try {
        const answer = await fetch((window.path_prefix ?? "") + this.address);
        const told = await answer.text();
        if (mine !== this.asked) return;
        if (!answer.ok) {
          this.said = JSON.parse(told).detail;
          return;
        }
        const viewer = await this.viewer();
        if (mine !== this.asked || !viewer) return;
        viewer.show(told);
        this.said = "";
        this.$emit("shown", this.address);
      } catch (error) {
        if (mine === this.asked) this.said = String(error.message ?? error);
      }
    },
    async viewer() {
      while (this.$refs.frame && !this.$refs.frame.contentWindow?.show) await new Promise((resolve) => setTimeout(resolve, 50));
      return this.$refs.frame?.contentWindow;
    },
  },
};
