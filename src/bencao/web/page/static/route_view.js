// A route's picture that is moved with the mouse, zoomed with the wheel, and whose steps are clicked.
export default {
  template: `
    <div class="route-view" ref="frame" tabindex="0" role="group" :aria-label="words.tree"
         @wheel.prevent="onWheel" @pointerdown="onDown" @pointermove="onMove" @pointerup="onUp"
         @pointercancel="drag = null" @dblclick="fit" @keydown="onKey">
      <div class="route-plane" ref="plane" v-html="svg"></div>
      <div class="route-tools" @pointerdown.stop @dblclick.stop>
        <button type="button" @click="zoomMiddle(1.25)" :title="words.zoomIn" :aria-label="words.zoomIn">+</button>
        <button type="button" @click="zoomMiddle(0.8)" :title="words.zoomOut" :aria-label="words.zoomOut">−</button>
        <button type="button" @click="fit" :title="words.fit" :aria-label="words.fit">⤢</button>
      </div>
    </div>`,
  props: { svg: String, chosen: Number, words: Object },
  data: () => ({ x: 0, y: 0, scale: 1, drag: null, moved: false }),
  mounted() {
    this.prepare();
    // Until the reader has moved the picture, it keeps to its frame.
    this.observer = new ResizeObserver(() => { if (!this.moved) this.start(); });
    this.observer.observe(this.$refs.frame);
  },
  beforeUnmount() { this.observer.disconnect(); },
  watch: {
    svg() { this.$nextTick(() => { this.prepare(); this.start(); }); },
    chosen() { this.mark(); },
  },
  methods: {
    prepare() {
      for (const step of this.steps()) {
        step.setAttribute("tabindex", "0");
        step.setAttribute("role", "button");
        step.setAttribute("aria-label", `${this.words.step} ${step.dataset.step}`);
      }
      this.mark();
    },
    steps() { return this.$refs.plane.querySelectorAll("[data-step]"); },
    mark() {
      for (const step of this.steps()) step.classList.toggle("chosen", Number(step.dataset.step) === this.chosen);
    },
    show() {
      this.$refs.plane.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    },
    // All of the route.
    fit() { this.place(0); },
    // All of it, or as much from the target on as can still be read.
    start() { this.place(0.6); },
    place(least) {
      const frame = this.$refs.frame, picture = this.$refs.plane.querySelector("svg");
      if (!picture || !frame.clientWidth) return;
      const wide = picture.width.baseVal.value, high = picture.height.baseVal.value;
      const highest = Math.max(240, Math.min(640, 0.6 * window.innerHeight));
      this.scale = Math.max(least, Math.min(1.15, frame.clientWidth / wide, highest / high));
      frame.style.height = `${Math.min(highest, Math.max(240, high * this.scale + 16))}px`;
      this.x = Math.max(0, (frame.clientWidth - wide * this.scale) / 2);
      this.y = (frame.clientHeight - high * this.scale) / 2;
      this.moved = least === 0;
      this.show();
    },
    zoom(factor, x, y) {
      const scale = Math.min(6, Math.max(0.1, this.scale * factor));
      this.x = x - (x - this.x) * scale / this.scale;
      this.y = y - (y - this.y) * scale / this.scale;
      this.scale = scale;
      this.moved = true;
      this.show();
    },
    zoomMiddle(factor) {
      this.zoom(factor, this.$refs.frame.clientWidth / 2, this.$refs.frame.clientHeight / 2);
    },
    onWheel(event) {
      const frame = this.$refs.frame.getBoundingClientRect();
      this.zoom(Math.exp(-event.deltaY / (event.deltaMode ? 15 : 500)), event.clientX - frame.left, event.clientY - frame.top);
    },
    onDown(event) {
      if (event.button) return;
      this.drag = { x: event.clientX, y: event.clientY, far: false, step: event.target.closest("[data-step]") };
    },
    onMove(event) {
      if (!this.drag) return;
      const right = event.clientX - this.drag.x, down = event.clientY - this.drag.y;
      if (!this.drag.far && Math.hypot(right, down) < 5) return;
      if (!this.drag.far) this.$refs.frame.setPointerCapture(event.pointerId);
      this.drag = { ...this.drag, x: event.clientX, y: event.clientY, far: true };
      this.x += right;
      this.y += down;
      this.moved = true;
      this.show();
    },
    onUp() {
      const { far, step } = this.drag ?? {};
      this.drag = null;
      if (!far && step) this.$emit("step", Number(step.dataset.step));
    },
    onKey(event) {
      const step = event.target.closest("[data-step]");
      if (step && (event.key === "Enter" || event.key === " ")) this.$emit("step", Number(step.dataset.step));
      else if (event.key === "+") this.zoomMiddle(1.25);
      else if (event.key === "-") this.zoomMiddle(0.8);
      else if (event.key === "0") this.fit();
      else return;
      event.preventDefault();
    },
  },
};
