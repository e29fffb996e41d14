// Opens reports in a browser without a head: screenshots at three sizes, axe-core, and no request may leave the page.
// Run by look.py from a folder where puppeteer-core and axe-core are installed: node look.mjs BROWSER FOLDER FILE...

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";

const [browserPath, folder, ...files] = process.argv.slice(2);
const installed = createRequire(join(process.cwd(), "here.js"));
const { launch } = (await import(pathToFileURL(installed.resolve("puppeteer-core")))).default;
const axe = readFileSync(installed.resolve("axe-core/axe.min.js"), "utf8");

const VIEWS = [
  { name: "phone", width: 360, height: 740, deviceScaleFactor: 2, scheme: "light" },
  { name: "laptop", width: 1280, height: 800, deviceScaleFactor: 1, scheme: "light" },
  { name: "dark", width: 1280, height: 800, deviceScaleFactor: 1, scheme: "dark" },
];
// What a browser draws in one picture.
const TALLEST = 12000;
const problems = [];

async function opened(browser, file, view) {
  const page = await browser.newPage();
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith("data:") && url !== pathToFileURL(file).href) problems.push(`${file}: asked for ${url}`);
  });
  page.on("console", (message) => problems.push(`${file}: ${message.text()}`));
  await page.setViewport(view);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: view.scheme }]);
  await page.goto(pathToFileURL(file).href);
  return page;
}

async function look(browser, file, view) {
  const page = await opened(browser, file, view);
  const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), TALLEST / view.deviceScaleFactor);
  const clip = { x: 0, y: 0, width: view.width, height };
  const path = join(folder, `${basename(file, ".html")}-${view.name}.png`);
  await page.screenshot({ path, clip, captureBeyondViewport: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > view.width) problems.push(`${file}: ${wide} pixels wide at ${view.name} size`);
  await page.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  for (const violation of found.violations) {
    const nodes = violation.nodes.map((node) => node.html.slice(0, 120));
    problems.push(`${file} at ${view.name} size: ${violation.id}: ${violation.help}: ${nodes[0]} (${nodes.length})`);
  }
  await page.close();
}

async function print(browser, file) {
  const page = await opened(browser, file, VIEWS[1]);
  await page.pdf({ path: join(folder, `${basename(file, ".html")}-print.pdf`), preferCSSPageSize: true });
  await page.close();
}

const browser = await launch({ executablePath: browserPath, args: ["--no-sandbox"] });
for (const file of files) {
  for (const view of VIEWS) await look(browser, file, view);
  await print(browser, file);
}
await browser.close();
for (const problem of problems) console.log(problem);
console.log(`${files.length} reports, ${VIEWS.length} sizes and print: ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
