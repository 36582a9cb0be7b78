// The table of what changes only with a machine's hardware or installation.

import { html, nothing } from "../vendor/lit-html/lit-html.js";
import { clockWords, count, diskSize, duration, exactly, memorySize, NONE } from "../units.js";

/** @import {Card} from "../devices.js" */
/** @import {MachineView, Specs} from "../wire.js" */

/** @typedef {{text: string, title?: string}} Fact */

/** @param {string | null | undefined} text @returns {Fact} */
const plain = (text) => ({ text: text || NONE });

/** @param {number | null | undefined} bytes @param {(bytes: number) => string} inWords @returns {Fact} */
const size = (bytes, inWords) =>
  bytes === null || bytes === undefined
    ? plain(null)
    : { text: inWords(bytes), title: exactly(bytes, "bytes") };

/** @param {Specs} specs */
function cores({ cpu_cores, cpu_threads }) {
  const parts = [
    cpu_cores ? `${count(cpu_cores)} cores` : "",
    cpu_threads ? `${count(cpu_threads)} threads` : "",
  ];
  return plain(parts.filter(Boolean).join(", "));
}

/** @param {Specs} specs @returns {[string, Fact][]} */
function facts(specs) {
  return [
    ["Host name", plain(specs.hostname)],
    ["Operating system", plain(specs.os)],
    ["Architecture", plain(specs.architecture)],
    ["Processor", plain(specs.cpu_model)],
    ["Cores", cores(specs)],
    ["Memory", size(specs.memory_bytes, memorySize)],
    ["Disk", size(specs.disk_bytes, diskSize)],
    ["Addresses", plain((specs.addresses ?? []).join(", "))],
    ["Hardware", plain((specs.hardware ?? []).join(", "))],
    ["Sentry version", plain(specs.agent_version)],
  ];
}

/** @param {string} machine @param {MachineView} view */
export function specsView(machine, { specs }) {
  return html`<dl class="facts" data-testid="specs">
    ${facts(specs ?? {}).map(
      ([label, { text, title }]) =>
        html`<dt>${label}</dt>
          <dd title=${title ?? (text === NONE ? "Not known" : "")}>${text}</dd>`,
    )}
    <dt>Machine id</dt>
    <dd><code>${machine}</code></dd>
  </dl>`;
}

/** @param {Card[]} cards */
export function cardSpecs(cards) {
  const known = cards.flatMap(({ label, known: one }) => (one ? [{ ...one, label }] : []));
  if (!known.length) return nothing;
  return html`<dl class="facts card-specs" data-testid="card-specs">
    ${known.map(({ label, name, driver, vbios, uuid, memory_bytes }) => {
      const software = [driver ? `driver ${driver}` : "", vbios ? `VBIOS ${vbios}` : ""].filter(Boolean).join(" · ");
      return html`<dt>Card <bdi>${label}</bdi></dt>
        <dd>
          <bdi>${name ?? NONE}</bdi>${memory_bytes ? ` · ${memorySize(memory_bytes)}` : nothing}
          ${software ? html`<bdi class="part">${software}</bdi>` : nothing}
          ${uuid ? html`<code class="part">${uuid}</code>` : nothing}
        </dd>`;
    })}
  </dl>`;
}

// By less than this a clock may be off without a word.
const CLOCK_OFF_S = 30;

/**
 * What a person should know of the agent itself; nothing where all is well.
 * @param {MachineView} view
 */
export function agentNotes({ dropped, clock_off_s }) {
  const off = clock_off_s ?? 0;
  return html`${dropped > 0
    ? html`<p class="note" data-testid="dropped">Samples dropped by the agent: ${count(dropped)}</p>`
    : nothing}
  ${Math.abs(off) > CLOCK_OFF_S
    ? html`<p class="note" data-testid="clock-off" title=${duration(Math.abs(off))}>${clockWords(off)}</p>`
    : nothing}`;
}
