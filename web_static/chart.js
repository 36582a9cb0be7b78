// <metric-chart>: one metric's last hour, drawn by uPlot, with gaps drawn as gaps.

import uPlot from "./vendor/uplot/dist/uPlot.js";
import { lonely, SPAN_S, withGaps } from "./series.js";
import { figure, timeOfDay } from "./units.js";

/** @import {Metric} from "./wire.js" */
/** @import {Series} from "./series.js" */

const HEIGHT = 170;
// While no sample comes, the hour moves on in steps of this many seconds.
const STEP_S = 5;

// Steps of the scale between which a label's rounding loses nothing.
/** @type {Record<string, number[]>} */
const STEPS = {
  "°C": [1, 2, 5, 10, 20, 50],
  s: [60, 300, 900, 3600, 7200, 21_600, 86_400, 864_000, 8_640_000, 86_400_000],
};

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
 * Percentages are seen whole; anything else fills the height, yet never a mere ripple.
 * @param {Metric} metric
 * @returns {uPlot.Scale.Range}
 */
function heightOf(metric) {
  if (metric.unit === "%") return [0, 100];
  return (_plot, low, high) => {
    const [min, max] = low === null || high === null ? [0, 1] : [low, high];
    const room = Math.max((max - min) * 0.15, Math.abs(max) * 0.02, 0.5);
    return [min >= 0 ? Math.max(0, min - room) : min - room, max + room];
  };
}

/** @param {Metric} metric @param {Element} element @returns {uPlot.Axis} */
function heightAxis({ unit }, element) {
  const steps = STEPS[unit];
  return {
    ...axis(element),
    ...(steps ? { incrs: steps } : {}),
    size: 62,
    values: (_plot, figures) => figures.map((value) => figure(value, unit)),
  };
}

/** @param {Metric} metric @param {MetricChart} chart @returns {uPlot.Options} */
function options(metric, chart) {
  return {
    width: chart.clientWidth || 300,
    height: HEIGHT,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: "hour" }, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { x: { range: () => chart.span() }, y: { range: heightOf(metric) } },
    axes: [
      { ...axis(chart), size: 28, values: (_plot, times) => times.map((at) => timeOfDay(at).slice(0, 5)) },
      heightAxis(metric, chart),
    ],
    series: [
      {},
      {
        stroke: () => colour(chart, "--accent"),
        fill: () => colour(chart, "--accent-wash"),
        width: 1.75,
        points: { show: true, size: 6, width: 2, filter: (plot, _series, _show) => lonely(plot.data[1]) },
      },
    ],
    hooks: { setCursor: [(plot) => chart.point(plot)] },
  };
}

export class MetricChart extends HTMLElement {
  /** @type {Metric | null} */
  metric = null;
  /** @type {Series | null} */
  series = null;
  #now = 0;
  /** @type {uPlot | null} */
  #plot = null;
  /** @type {Series | null} */
  #drawn = null;
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
   * Set by the screen at each drawing, after `metric` and `series`.
   * @param {number} now
   */
  set now(now) {
    const fresh = this.series !== this.#drawn;
    if (!this.metric || !this.series || (!fresh && now - this.#now < STEP_S)) return;
    this.#now = now;
    this.#drawn = this.series;
    const columns = withGaps(this.series, this.metric.name);
    if (this.#plot) this.#plot.setData(columns);
    else this.#open(this.metric, columns);
  }

  /** @returns {[number, number]} the hour shown, by the commander's clock */
  span() {
    return [this.#now - SPAN_S, this.#now];
  }

  /**
   * Say what stands under the pointer.
   * @param {uPlot} plot
   */
  point(plot) {
    const place = plot.cursor.idx ?? null;
    const value = place === null ? null : (plot.data[1][place] ?? null);
    const at = place === null ? null : plot.data[0][place];
    const seen = value !== null && at !== null && at !== undefined && this.metric;
    this.#readout.textContent = seen ? `${timeOfDay(at)} · ${this.#words(value, seen)}` : "";
  }

  /** @param {number} value @param {Metric} metric */
  #words(value, metric) {
    return metric.unit === "%" ? `${value.toFixed(1)} %` : figure(value, metric.unit);
  }

  /** @param {Metric} metric @param {[number[], (number | null)[]]} columns */
  #open(metric, columns) {
    this.#plot = new uPlot(options(metric, this), columns, this);
    this.append(this.#readout);
  }
}

customElements.define("metric-chart", MetricChart);
