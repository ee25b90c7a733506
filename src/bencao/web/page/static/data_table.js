// A table of texts, some of them to open: [text, name] in place of a text. Vue writes texts as texts, never as markup.
export default {
  template: `
    <div class="data-table-frame">
      <table class="data-table">
        <thead><tr v-for="(line, level) in head" :key="level">
          <th v-for="(cell, place) in line" :key="place" :colspan="cell[1]" :class="{ grouped: cell[1] > 1 }" scope="col">{{ cell[0] }}</th>
        </tr></thead>
        <tbody><tr v-for="(row, number) in rows" :key="number">
          <td v-for="(cell, place) in row" :key="place" :class="{ number: place >= numbersFrom }">
            <button v-if="Array.isArray(cell)" type="button" :data-open="cell[1]" :class="{ chosen: cell[1] === chosen }"
              :aria-pressed="String(cell[1] === chosen)" @click="$emit('open', cell[1])">{{ cell[0] }}</button>
            <template v-else>{{ cell }}</template>
          </td>
        </tr></tbody>
      </table>
    </div>`,
  props: { head: Array, rows: Array, numbersFrom: Number, chosen: String },
};
