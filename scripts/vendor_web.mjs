// Copies the third-party modules that the dashboard loads from node_modules to web_static/vendor/.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const VENDOR = join(ROOT, "web_static", "vendor");

// Folders are kept, so that relative imports between the files resolve without an import map. The
// declarations (.d.ts) lie beside their modules for `tsc`.
const FILES = [
  ["lit-html/lit-html.js"],
  ["lit-html/lit-html.d.ts"],
  ["lit-html/directive.js"],
  ["lit-html/directive.d.ts"],
  ["lit-html/directive-helpers.js"],
  ["lit-html/directive-helpers.d.ts"],
  ["lit-html/directives/guard.js"],
  ["lit-html/directives/guard.d.ts"],
  ["lit-html/directives/repeat.js"],
  ["lit-html/directives/repeat.d.ts"],
  ["lit-html/LICENSE"],
  ["uplot/dist/uPlot.esm.js", "uplot/dist/uPlot.js"],
  ["uplot/dist/uPlot.d.ts"],
  ["uplot/dist/uPlot.min.css"],
  ["uplot/LICENSE"],
];

await rm(VENDOR, { recursive: true, force: true });
for (const [source, target = source] of FILES) {
  await mkdir(dirname(join(VENDOR, target)), { recursive: true });
  await copyFile(join(ROOT, "node_modules", source), join(VENDOR, target));
}
