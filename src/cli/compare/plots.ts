/** Plots as SVG text, drawn by hand so that a report needs nothing from elsewhere. Colours and fonts come from the page's style. */

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const WIDTH = 760;
const LABELS = 110;
const ROW = 26;
const BAR = 14;
const AXIS = 28;
/** Room for the value behind a bar. */
const VALUES = 90;

/** At most two decimals: what the eye can see, and the same text everywhere. */
const at = (value: number): string => `${Math.round(value * 100) / 100}`;

const text = (x: number, y: number, content: string, rest = ''): string =>
  `<text x="${at(x)}" y="${at(y)}"${rest}>${escaped(content)}</text>`;

const svg = (height: number, title: string, body: readonly string[]): string =>
  `<svg viewBox="0 0 ${WIDTH} ${at(height)}" role="img" aria-label="${escaped(title)}">\n${body.join('\n')}\n</svg>`;

interface Axis {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** From 0 to the most, with about five round steps. */
function linear(most: number, from: number, to: number): Axis {
  const raw = Math.max(most, 1e-9) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((candidate) => candidate >= raw)!;
  const ticks = Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, i) => i * step);
  return { place: (value) => from + (to - from) * Math.min(1, value / Math.max(most, 1e-9)), ticks };
}

/** From a power of ten below the least to one above the most. */
function logarithmic(least: number, most: number, from: number, to: number): Axis {
  const low = Math.floor(Math.log10(Math.max(1, least))), high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(1, most))));
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  return { place: (value) => from + (to - from) * (Math.log10(Math.max(value, 10 ** low)) - low) / (high - low), ticks };
}

function grid({ place, ticks }: Axis, bottom: number, name: (value: number) => string): string[] {
  return ticks.flatMap((tick) => [
    `<line class="grid" x1="${at(place(tick))}" x2="${at(place(tick))}" y1="0" y2="${at(bottom)}"/>`,
    text(place(tick), bottom + 16, name(tick), ' class="tick" text-anchor="middle"'),
  ]);
}

interface Span {
  readonly label: string;
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/** A bar to the mean on a logarithmic axis, and a line from the least to the most. */
export function spans(title: string, rows: readonly Span[], name: (value: number) => string): string {
  const bottom = rows.length * ROW;
  const axis = logarithmic(Math.min(...rows.map(({ least }) => least)), Math.max(...rows.map(({ most }) => most)), LABELS, WIDTH - VALUES);
  return svg(bottom + AXIS, title, [
    ...grid(axis, bottom, name),
    ...rows.flatMap(({ label, mean, least, most }, i) => {
      const y = i * ROW + (ROW - BAR) / 2, middle = y + BAR / 2;
      return [
        text(LABELS - 8, middle + 4, label, ' class="label" text-anchor="end"'),
        `<rect class="bar" x="${LABELS}" y="${at(y)}" width="${at(axis.place(mean) - LABELS)}" height="${BAR}" rx="2"><title>${
          escaped(`${label}: ${name(mean)} on average, ${name(least)} to ${name(most)}`)}</title></rect>`,
        `<line class="span" x1="${at(axis.place(least))}" x2="${at(axis.place(most))}" y1="${at(middle)}" y2="${at(middle)}"/>`,
        text(axis.place(most) + 8, middle + 4, name(mean), ' class="value"'),
      ];
    }),
  ]);
}

export interface Stack {
  readonly label: string;
  readonly parts: readonly number[];
}

/** Bars of parts, side by side; the parts' names are in a legend. */
export function stacks(title: string, parts: readonly string[], rows: readonly Stack[], name: (value: number) => string): string {
  const bottom = rows.length * ROW;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const axis = linear(Math.max(...rows.map((row) => sum(row.parts))), LABELS, WIDTH - VALUES);
  const chart = svg(bottom + AXIS, title, [
    ...grid(axis, bottom, name),
    ...rows.flatMap(({ label, parts: values }, i) => {
      const y = i * ROW + (ROW - BAR) / 2;
      const bars = values.map((value, part) => {
        const x = axis.place(sum(values.slice(0, part)));
        const hint = escaped(`${label}, ${parts[part]}: ${name(value)}`);
        return value === 0 ? '' : `<rect class="part${part}" x="${at(x)}" y="${at(y)}" width="${
          at(axis.place(sum(values.slice(0, part + 1))) - x)}" height="${BAR}"><title>${hint}</title></rect>`;
      }).filter((bar) => bar !== '');
      return [
        text(LABELS - 8, y + BAR / 2 + 4, label, ' class="label" text-anchor="end"'), ...bars,
        text(axis.place(sum(values)) + 8, y + BAR / 2 + 4, name(sum(values)), ' class="value"'),
      ];
    }),
  ]);
  return `${chart}\n${legend(parts)}`;
}

export interface Line {
  readonly label: string;
  readonly values: readonly number[];
}

/** Values one after the other, each valid until the next. */
export function steps(title: string, rows: readonly Line[], name: (value: number) => string): string {
  const height = 240, left = 70;
  const many = Math.max(1, ...rows.map(({ values }) => values.length));
  const x = linear(many, left, WIDTH - 20);
  const y = linear(Math.max(1, ...rows.flatMap(({ values }) => values)), height, 10);
  const chart = svg(height + AXIS, title, [
    ...x.ticks.map((tick) => text(x.place(tick), height + 18, `${tick}`, ' class="tick" text-anchor="middle"')),
    ...y.ticks.flatMap((tick) => [
      `<line class="grid" x1="${left}" x2="${WIDTH - 20}" y1="${at(y.place(tick))}" y2="${at(y.place(tick))}"/>`,
      text(left - 8, y.place(tick) + 4, name(tick), ' class="tick" text-anchor="end"'),
    ]),
    ...rows.map(({ label, values }, i) => {
      const path = values.map((value, k) => `${k === 0 ? `M${at(x.place(0))},` : 'V'}${at(y.place(value))}H${at(x.place(k + 1))}`);
      return `<path class="line${i}" d="${path.join('')}"><title>${escaped(label)}</title></path>`;
    }),
  ]);
  return `${chart}\n${legend(rows.map(({ label }) => label), 'line')}`;
}

const legend = (names: readonly string[], kind = 'part'): string =>
  `<ul class="legend">${names.map((each, i) => `<li><i class="${kind}${i}"></i>${escaped(each)}</li>`).join('')}</ul>`;
