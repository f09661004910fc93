/** Small plots side by side, as one SVG: a panel for each quantity, lines for what is compared, values at the ends of lines. */

export interface Panel {
  readonly title: string;
  /** Of the horizontal axis: what `at` are. */
  readonly axis: string;
  readonly unit: string;
  readonly at: readonly number[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
}

const COLUMNS = 3;
const WIDTH = 300, HEIGHT = 230;
const MARGIN = { left: 44, right: 16, top: 44, bottom: 44 };
/** Told apart by those who see colours differently, too: the first line is dashed as well. */
const COLOURS: Readonly<Record<string, string>> = { interpreted: '#b35900', translated: '#1f5fa8', '': '#444444' };

export function plot(panels: readonly Panel[]): string {
  const rows = Math.ceil(panels.length / COLUMNS);
  const body = panels.map((panel, i) =>
    `<g transform="translate(${(i % COLUMNS) * WIDTH} ${Math.floor(i / COLUMNS) * HEIGHT})">${panelOf(panel)}</g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${COLUMNS * WIDTH} ${rows * HEIGHT}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#ffffff"/>
${body.join('\n')}
</svg>
`;
}

function panelOf({ title, axis, unit, at, series }: Panel): string {
  const right = WIDTH - MARGIN.right, bottom = HEIGHT - MARGIN.bottom;
  const across = scale(at, isGeometric(at), MARGIN.left + 8, right - 8);
  const all = series.flatMap(({ values }) => values);
  const wide = Math.max(...all) > 8 * Math.min(...all);
  const ticks = wide ? decades(all) : steps(Math.max(...all));
  const up = scale(ticks, wide, bottom, MARGIN.top);
  return [
    text(MARGIN.left, 18, title, 'font-weight="bold"'), text(MARGIN.left, 33, unit, 'fill="#555555"'),
    ...ticks.map((tick) => `<path d="M${MARGIN.left} ${up(tick)}H${right}" stroke="#dddddd"/>`),
    ...ticks.map((tick) => text(MARGIN.left - 5, up(tick) + 4, `${tick}`, END)),
    ...at.filter((_, i) => at.length < 8 || i % 2 === 0).map((x) => text(across(x), bottom + 15, `${x}`, MIDDLE)),
    text((MARGIN.left + right) / 2, bottom + 32, axis, `${MIDDLE} fill="#555555"`),
    ...series.map(({ name, values }) => {
      const points = values.map((value, i) => `${across(at[i]!)} ${up(value)}`);
      const colour = COLOURS[name]!, dashes = name === 'interpreted' ? ' stroke-dasharray="6 3"' : '';
      const last = values.at(-1)!, below = series.some(({ values: others }) => others.at(-1)! > last);
      return [
        `<path d="M${points.join('L')}" fill="none" stroke="${colour}" stroke-width="2"${dashes}/>`,
        ...values.map((value, i) => `<circle cx="${across(at[i]!)}" cy="${up(value)}" r="2.5" fill="${colour}"/>`),
        text(right, up(last) + (below ? 16 : -7), `${name} ${short(last)}`.trimStart(), `${END} fill="${colour}"`),
      ].join('');
    }),
  ].join('\n');
}

const MIDDLE = 'text-anchor="middle"', END = 'text-anchor="end"';
const text = (x: number, y: number, what: string, attributes: string): string => `<text x="${x}" y="${y}" ${attributes}>${what}</text>`;
const short = (value: number): string => (value < 100 ? value.toPrecision(2) : value.toFixed(0));

/** Each is some times the one before. */
const isGeometric = (at: readonly number[]): boolean => at[0]! > 0 && at.every((x, i) => i === 0 || x >= 2 * at[i - 1]!);

/** From the least and the most of `values` to two places, in tenths of a unit. */
function scale(values: readonly number[], logarithmic: boolean, from: number, to: number): (value: number) => number {
  const of = logarithmic ? Math.log : (value: number): number => value;
  const least = of(Math.min(...values)), most = of(Math.max(...values));
  return (value) => Math.round(10 * (from + (to - from) * (of(value) - least) / (most - least))) / 10;
}

/** Powers of ten around the values. */
function decades(values: readonly number[]): number[] {
  const first = Math.floor(Math.log10(Math.min(...values))), last = Math.ceil(Math.log10(Math.max(...values)));
  return Array.from({ length: last - first + 1 }, (_, i) => Number((10 ** (first + i)).toPrecision(1)));
}

/** From nothing to beyond the most, in some four round steps. */
function steps(most: number): number[] {
  const rough = most / 4, ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * ten).find((size) => size >= rough)!;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => Number((i * step).toPrecision(2)));
}
