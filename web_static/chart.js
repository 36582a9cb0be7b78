// <metric-chart>: one metric's history, of the machine or a line for each card, drawn by uPlot with gaps as gaps and late samples shaded.

import uPlot from "./vendor/uplot/dist/uPlot.js";
import { LINES_MOST } from "./devices.js";
import { isCounter, shownUnit } from "./rates.js";
import { drawn, lateStretches, LIVE_SPAN_S, lonely, stepAt } from "./series.js";
import { figure, stretchOf, tickLabel, timeOfDay } from "./units.js";

/** @import {Line} from "./devices.js" */
/** @import {Metric} from "./wire.js" */
/** @import {Columns, Series} from "./series.js" */

const HEIGHT = 170;
// While no sample comes, the hour moves on in steps of this many seconds.
const STEP_S = 5;
// However short a late stretch is, it is seen.
const LATE_MIN_PX = 3;

// Steps of the scale between which a label's rounding loses nothing.
/** @type {Record<string, number[]>} */
const MARKS = {
  "°C": [1, 2, 5, 10, 20, 50],
  chips: [1, 2, 5, 10, 20, 50, 100, 200],
  s: [60, 300, 900, 3600, 7200, 21_600, 86_400, 864_000, 8_640_000, 86_400_000],
  "B/s": [...Array(13).keys()].flatMap((power) => [1, 2, 5].map((one) => one * 10 ** power)),
};

// Units whose figures take more room beside the chart.
const WIDE = ["rpm", "Sol/s"];

/** @param {Element} element @param {string} name a colour of the style sheet */
function colour(element, name) {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

/** @param {Element} element @returns {uPlot.Axis} */
function axis(element) {
  const line = { stroke: () => colour(element, "--line"), width: 1 };
  const font = "11px system-ui, sans-serif";
  return { stroke: () => colour(element, "--muted"), grid: line, ticks: { ...line, size: 4 }, font };
}

/**
 * Percentages are seen whole, rates from nothing on; anything else fills the height, yet never a mere ripple.
 * @param {Metric} metric
 * @returns {uPlot.Scale.Range}
 */
function heightOf(metric) {
  if (metric.unit === "%") return [0, 100];
  if (isCounter(metric)) return (_plot, _low, high) => [0, Math.max((high ?? 0) * 1.15, 1)];
  return (_plot, low, high) => {
    const [min, max] = low === null || high === null ? [0, 1] : [low, high];
    const room = Math.max((max - min) * 0.15, Math.abs(max) * 0.02, 0.5);
    return [min >= 0 ? Math.max(0, min - room) : min - room, max + room];
  };
}

/** @param {Metric} metric @param {Element} element @returns {uPlot.Axis} */
function heightAxis(metric, element) {
  const unit = shownUnit(metric);
  const marks = MARKS[unit];
  return {
    ...axis(element),
    ...(marks ? { incrs: marks } : {}),
    size: WIDE.includes(unit) ? 80 : 62,
    values: (_plot, figures) => figures.map((value) => figure(value, unit)),
  };
}

/** @param {Element} element @returns {uPlot.Axis} */
function timeAxis(element) {
  return {
    ...axis(element),
    size: 28,
    values: (_plot, times, _axis, _space, step) => times.map((at) => tickLabel(at, step)),
  };
}

/** @param {MetricChart} chart @param {Line} line @param {number} index among its lines @returns {uPlot.Series} */
function drawnLine(chart, { place }, index) {
  const alone = chart.lines.length === 1 && !chart.lines[0]?.label;
  const ink = () => colour(chart, alone ? "--accent" : `--line-${place % LINES_MOST}`);
  return {
    stroke: ink,
    ...(alone ? { fill: () => colour(chart, "--accent-wash") } : {}),
    ...(place < LINES_MOST ? {} : { dash: [5, 4] }),
    width: 1.5,
    points: {
      show: true,
      size: 6,
      width: 2,
      filter: (plot) => lonely(plot.data[index + 1] ?? [], chart.stepped() ? 2 : 1),
    },
  };
}

/**
 * Shade what arrived late.
 * @param {uPlot} plot
 * @param {MetricChart} chart
 */
function shade(plot, chart) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const stretch of chart.series ? lateStretches(chart.series) : []) {
    const [left, right] = [plot.valToPos(stretch[0], "x", true), plot.valToPos(stretch[1], "x", true)];
    const width = Math.max(right - left, LATE_MIN_PX * devicePixelRatio);
    ctx.fillStyle = colour(chart, "--late-wash");
    ctx.fillRect(left, bbox.top, width, bbox.height);
    ctx.fillStyle = colour(chart, "--late");
    ctx.fillRect(left, bbox.top, width, 2 * devicePixelRatio);
  }
  ctx.restore();
}

/** @param {Metric} metric @param {MetricChart} chart @returns {uPlot.Options} */
function options(metric, chart) {
  return {
    width: chart.clientWidth || 300,
    height: HEIGHT,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: "hour" }, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { x: { range: () => chart.span() }, y: { range: heightOf(metric) } },
    axes: [timeAxis(chart), heightAxis(metric, chart)],
    series: [{}, ...chart.lines.map((line, index) => drawnLine(chart, line, index))],
    hooks: { setCursor: [(plot) => chart.point(plot)], drawAxes: [(plot) => shade(plot, chart)] },
  };
}

export class MetricChart extends HTMLElement {
  /** @type {Metric | null} */
  metric = null;
  /** @type {Series | null} */
  series = null;
  /** What is drawn of it. @type {Line[]} */
  lines = [];
  #now = 0;
  /** @type {uPlot | null} */
  #plot = null;
  /** @type {Series | null} */
  #drawn = null;
  /** The names of what is drawn, and its unit. */
  #drawing = "";
  #readout = document.createElement("output");
  #size = new ResizeObserver(() => this.#plot?.setSize({ width: this.clientWidth, height: HEIGHT }));
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #recolour = () => this.#plot?.redraw(false);

  connectedCallback() {
    this.#size.observe(this);
    this.#dark.addEventListener("change", this.#recolour);
  }

  disconnectedCallback() {
    this.#size.disconnect();
    this.#dark.removeEventListener("change", this.#recolour);
    this.#plot?.destroy();
    this.#plot = null;
    this.#drawn = null;
  }

  /**
   * Set by the screen at each drawing, after `metric`, `lines` and `series`.
   * @param {number} now
   */
  set now(now) {
    const names = this.lines.map(({ name }) => name);
    // In another unit, which came with a later reading, it is another drawing too.
    const drawing = [...names, this.metric?.unit].join();
    const fresh = this.series !== this.#drawn || drawing !== this.#drawing;
    const still = this.stepped() || now - this.#now < STEP_S;
    if (!this.metric || !this.series || (!fresh && still)) return;
    this.#now = now;
    this.#drawn = this.series;
    const columns = drawn(this.series, ...names);
    if (this.#plot && drawing === this.#drawing) this.#plot.setData(columns);
    else this.#open(this.metric, columns);
    this.#drawing = drawing;
  }

  /** @returns {boolean} whether each value stands for a stretch of time and nothing more will come */
  stepped() {
    return (this.series?.resolution_s ?? null) !== null;
  }

  /** @returns {[number, number]} the time shown, by the commander's clock; single samples move with it */
  span() {
    if (this.series && this.stepped()) return [this.series.from_at, this.series.to_at];
    return [this.#now - LIVE_SPAN_S, this.#now];
  }

  /**
   * Say what stands under the pointer.
   * @param {uPlot} plot
   */
  point(plot) {
    this.#readout.textContent = (this.stepped() ? this.#stepUnder(plot) : this.#sampleUnder(plot)) ?? "";
  }

  /** @param {uPlot} plot */
  #sampleUnder(plot) {
    const place = plot.cursor.idx ?? -1;
    const at = plot.data[0][place];
    const words = this.#nearest(plot, (line) => plot.data[line + 1]?.[place] ?? null);
    return at === undefined || words === null ? null : `${timeOfDay(at)} · ${words}`;
  }

  /** @param {uPlot} plot */
  #stepUnder(plot) {
    const [left, { series }] = [plot.cursor.left ?? -1, this];
    if (!series || left < 0) return null;
    const place = stepAt(series, plot.posToVal(left, "x"));
    const at = series.at[place];
    const words = this.#nearest(plot, (line) => series.values[this.lines[line]?.name ?? ""]?.[place] ?? null);
    return at === undefined || words === null ? null : `${stretchOf(at, at + (series.resolution_s ?? 0))} · ${words}`;
  }

  /**
   * Of several lines the one that the pointer is nearest to, with its label.
   * @param {uPlot} plot
   * @param {(line: number) => number | null} valueOf
   */
  #nearest(plot, valueOf) {
    const far = (/** @type {number} */ value) => Math.abs(plot.valToPos(value, "y") - (plot.cursor.top ?? 0));
    /** @type {{label: string, value: number}[]} */
    const there = this.lines.flatMap(({ label }, line) => {
      const value = valueOf(line);
      return value === null ? [] : [{ label, value }];
    });
    const nearest = there.sort((a, b) => far(a.value) - far(b.value))[0];
    return nearest ? [nearest.label, this.#words(nearest.value)].filter(Boolean).join(" · ") : null;
  }

  /** @param {number} value */
  #words(value) {
    const unit = this.metric ? shownUnit(this.metric) : "";
    return unit === "%" ? `${value.toFixed(1)} %` : figure(value, unit);
  }

  /** @param {Metric} metric @param {Columns} columns */
  #open(metric, columns) {
    this.#plot?.destroy();
    this.#plot = new uPlot(options(metric, this), columns, this);
    this.append(this.#readout);
  }
}

customElements.define("metric-chart", MetricChart);
