// The live page in a real Chromium: node check.mjs, with URL of the page, FEED (a command as JSON, to which a file is
// added), SAMPLES (a folder of dispatches), CHROMIUM and SCREENSHOT (where to put it) in the environment.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const { URL: url, FEED, SAMPLES, CHROMIUM, SCREENSHOT } = process.env;
const folder = mkdtempSync(join(tmpdir(), "page-"));

function feed(articles) {
  const file = join(folder, "articles.jsonl");
  writeFileSync(file, articles.map((article) => JSON.stringify(article)).join("\n"));
  const [program, ...flags] = JSON.parse(FEED);
  execFileSync(program, ["feed", file, ...flags], { stdio: "ignore" });
}

const article = (id, version, more) => ({ id, version: String(version), language: "fr", published: new Date().toISOString(), ...more });
const HOSTILE = `<img src=x onerror="window.hacked=1"></p></script><script>window.hacked=1</script>`;

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, colorScheme: "light" });
const [faults, outside] = [[], []];
page.on("pageerror", (error) => faults.push(String(error)));
page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
page.on("request", (request) => request.url().startsWith(url) || request.url().startsWith("data:") || outside.push(request.url()));
page.setDefaultTimeout(30_000);

const events = page.locator("#events > li[data-event]");
const lines = () => events.locator(".line").allInnerTexts();
const until = (condition, argument) => page.waitForFunction(condition, argument);

async function step(name, check) {
  await check();
  console.log(`ok: ${name}`);
}

await step("the page connects, and is empty", async () => {
  await page.goto(url);
  await page.locator("#state", { hasText: "connected" }).waitFor();
  assert.equal(await events.count(), 0);
});

await step("events appear as they are committed", async () => {
  const names = readdirSync(SAMPLES).sort();
  const samples = names.map((name) => readFileSync(join(SAMPLES, name), "utf8")).filter((text) => text.trim().startsWith("{"));
  feed(samples.flatMap((text) => { try { return [JSON.parse(text)]; } catch { return []; } }));
  await until(() => document.querySelectorAll("#events > li[data-event]").length > 30);
  // Which vote stands first depends on what has come in: one is told with its count.
  const counted = () => [...document.querySelectorAll("#votes svg")].some((vote) => /^\d+ for, \d+ against/.test(vote.getAttribute("aria-label")));
  await until(counted);
  await page.locator('#matrix button[aria-label*=" towards "]').first().waitFor();
  await page.locator("#meters", { hasText: /dead letters/ }).waitFor();
});

await step("filters let through what they say", async () => {
  const all = await events.count();
  const fewer = () => until((all) => document.querySelectorAll("#events > li[data-event]").length < all, all);
  const clear = async () => {
    await page.click("#filters button[type=reset]");
    await until((all) => document.querySelectorAll("#events > li[data-event]").length === all, all);
  };
  await page.fill("#country", "jpn");
  await fewer();
  const japanese = await lines();
  assert.ok(japanese.length > 0 && japanese.every((line) => /JPN|UNSC/.test(line)), japanese.join("\n"));
  await page.selectOption("#class", "condemn");
  await until((before) => document.querySelectorAll("#events > li[data-event]").length < before || before === 1, japanese.length);
  assert.ok((await lines()).every((line) => line.includes("JPN") && line.includes("condemn")));
  await clear();

  await page.selectOption("#language", "en");
  await fewer();
  assert.ok((await page.locator("#events .words").evaluateAll((found) => found.map((words) => words.lang))).every((lang) => lang === "en"));
  await clear();

  await page.locator("#confidence").fill("0.8");
  await fewer();
  const sure = (await events.locator(".sure").allInnerTexts()).map(parseFloat);
  assert.ok(sure.length > 0 && sure.every((share) => share >= 80), sure.join());
  await clear();

  await page.selectOption("#hours", "1");
  await page.locator("#events .empty").waitFor(); // the samples are of March
  await clear();

  // Whichever stands first: the matrix has the states and bodies that are named most.
  const cell = page.locator('#matrix button[aria-label*=" towards "]').first();
  const [, holder, target] = /^(\w+) towards (\w+):/.exec(await cell.getAttribute("aria-label"));
  await cell.click();
  await fewer();
  assert.ok((await lines()).every((line) => line.startsWith(holder) && line.includes(target)));
  await page.screenshot({ path: join(folder, "filtered.png") });
  await clear();
});

await step("an event shows its article, with holder, trigger and target marked, why, and as published", async () => {
  await page.screenshot({ path: SCREENSHOT });
  const japan = events.filter({ has: page.locator('button[aria-label="Why: JPN condemn PRK"]') }).first();
  await japan.locator(".words").click();
  const dialog = page.locator("#detail[open]");
  await dialog.waitFor();
  for (const [mark, words] of [["holder", /Tokyo|Japon/i], ["trigger", /condamn/i], ["target", /Pyongyang|Corée du Nord/i]]) {
    const found = await dialog.locator(`#detail-title mark.${mark}, .article mark.${mark}`).allInnerTexts();
    assert.ok(found.some((text) => words.test(text)), `${mark}: ${found}`);
  }
  assert.match(await dialog.locator("dl").innerText(), /rule\s+fr\/condemn\//);
  await dialog.locator("summary").click();
  assert.equal(JSON.parse(await dialog.locator("pre").innerText()).holder.code, "JPN");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
});

await step("words of an article stay words", async () => {
  // As entities, for the decoder takes tags away; the provider it takes as it is.
  const escaped = HOSTILE.replaceAll("<", "&lt;");
  feed([article("hostile", 1, { provider: HOSTILE, headline: escaped, html: `<p>${escaped}</p><p>Le Japon a condamné vendredi l’Islande.</p>` })]);
  const hostile = events.filter({ has: page.locator('button[aria-label="Why: JPN condemn ISL"]') });
  await hostile.waitFor();
  assert.ok((await hostile.innerText()).includes("<img src=x onerror="));
  await hostile.locator("button.open").click();
  assert.ok((await page.locator("#detail .article").innerText()).includes("</script><script>window.hacked=1</script>"));
  assert.ok((await page.locator("#detail-title").innerText()).includes("<script>"));
  await page.locator("#detail summary").click();
  assert.equal(await page.locator("img, main script, dialog script").count(), 0);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  await page.keyboard.press("Escape");
});

await step("the policy holds even against a page that is broken", async () => {
  assert.deepEqual([faults, outside], [[], []]);
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.hacked = 2";
    document.body.append(script);
    const refused = fetch("https://elsewhere.invalid/").then(() => false, () => true);
    return refused.then((refused) => [window.hacked ?? null, refused]);
  });
  assert.deepEqual(ran, [null, true]);
  assert.ok(faults.every((fault) => /Content Security Policy/.test(fault)), faults.join("\n"));
  faults.length = outside.length = 0; // of these two refusals
});

await step("a correction replaces, a withdrawal removes", async () => {
  feed([article("hostile", 2, { provider: HOSTILE, headline: "Suite", text: "Le Japon a condamné vendredi le Luxembourg." })]);
  await page.locator('#events button[aria-label="Why: JPN condemn LUX"]').waitFor();
  assert.equal(await page.locator('#events button[aria-label="Why: JPN condemn ISL"]').count(), 0);
  feed([article("hostile", 3, { provider: HOSTILE, pubstatus: "canceled" })]);
  await page.locator('#events button[aria-label="Why: JPN condemn LUX"]').waitFor({ state: "detached" });
});

await step("the keyboard reaches everything", async () => {
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "country");
  await page.keyboard.press("Escape");
  await events.first().locator("button.open").focus();
  await page.keyboard.press("Enter");
  await page.locator("#detail[open]").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("#detail[open]").waitFor({ state: "hidden" });
});

await step("it is dark where people like it dark, and fits on a phone", async () => {
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.emulateMedia({ colorScheme: "dark" });
  assert.notEqual(await paper(), light);
  await page.setViewportSize({ width: 360, height: 740 });
  const [needed, there] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(needed <= there, `${needed} wide on a phone of ${there}`);
  await page.screenshot({ path: join(folder, "phone.png") });
});

await step("a new visitor sees the same", async () => {
  const count = await events.count();
  await page.reload();
  await until((count) => document.querySelectorAll("#events > li[data-event]").length === count, count);
});

assert.deepEqual(faults, []);
assert.deepEqual(outside, []);
await browser.close();
console.log(`pictures in ${folder}`);
