// SPDX-License-Identifier: Apache-2.0
// Pages as Chromium shows them: light and dark, on a telephone and on a desk,
// with each <details> as it comes, then open. One line for each thing found:
// what the console or the Content-Security-Policy says, what fails or is asked
// of another origin, what is wider than the window, what axe finds, and what
// Tab does not reach or shows no focus for.
//
//   node page.mjs [--shots DIR] [--header 'NAME: VALUE']... URL...
//
// The browser: browser.mjs.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { launch } from './browser.mjs';

const axe = readFileSync(createRequire(import.meta.url)
    .resolve('axe-core/axe.min.js'), 'utf8');
const { values: options, positionals: urls } = parseArgs({
    allowPositionals: true,
    options: {
        shots: { type: 'string' },
        header: { type: 'string', multiple: true, default: [] },
    },
});
const headers = Object.fromEntries(options.header.map((one) => {
    const [name, ...value] = one.split(':');
    return [name, value.join(':').trim()];
}));

// What Tab is to reach, where it can be seen
const REACHABLE = 'a[href], summary, button, input, select, textarea, ' +
    '[tabindex]:not([tabindex^="-"])';
const mark = (selector) => [...document.querySelectorAll(selector)]
    .filter((one) => !one.disabled && one.checkVisibility())
    .map((one, i) => {
        one.fastauthIndex = i;
        return `<${one.localName}> ${one.textContent.trim().slice(0, 40)}`;
    });
const focused = () => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    return one === document.body ? null : {
        index: one.fastauthIndex,
        name: `<${one.localName}> ${one.textContent.trim().slice(0, 40)}`,
        shown: style.boxShadow !== 'none' || (style.outlineStyle !== 'none' &&
            parseFloat(style.outlineWidth) > 0 &&
            !/^rgba\(.*, 0\)$/.test(style.outlineColor)),
    };
};

async function keyboard(page, say) {
    const names = await page.evaluate(mark, REACHABLE);
    const reached = new Set();
    const dim = new Set();
    // round more than once: wherever the focus is now, it passes all
    for (let i = 0; reached.size < names.length &&
        i < 2 * names.length + 20; i++) {
        await page.keyboard.press('Tab');
        const now = await page.evaluate(focused);
        if (now) {
            reached.add(now.index);
            if (!now.shown) {
                dim.add(now.name);
            }
        }
    }
    names.filter((_, i) => !reached.has(i)).forEach((name) =>
        say(`Tab does not reach ${name}`));
    dim.forEach((name) => say(`focus is not to be seen on ${name}`));
}

async function look(page, width, say) {
    const wide = await page.evaluate(() =>
        document.documentElement.scrollWidth);
    if (wide > width) {
        say(`${wide} px wide`);
    }
    await keyboard(page, say);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() =>
        globalThis.axe.run({ resultTypes: ['violations'] }));
    for (const { id, impact, nodes } of violations) {
        nodes.forEach(({ target }) =>
            say(`axe: ${id} (${impact}): ${target.join(' ')}`));
    }
}

function listen(page, origin, say) {
    page.on('console', (one) => say(`console: ${one.type()}: ${one.text()}`));
    page.on('pageerror', (error) => say(`error: ${error.message}`));
    page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.origin !== origin && url.protocol !== 'data:') {
            say(`asks ${url.origin}`);
        }
    });
    page.on('requestfailed', (request) =>
        say(`failed: ${request.url()}: ${request.failure().errorText}`));
    page.on('response', (response) => {
        if (response.status() >= 400) {
            say(`${response.status()}: ${response.url()}`);
        }
    });
}

async function visit(browser, url, colorScheme, width) {
    const found = new Set();
    const say = (what) => found.add(`${url} ${colorScheme} ${width}: ${what}`);
    const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 800 },
        isMobile: width < 500,
        extraHTTPHeaders: headers,
    });
    const page = await context.newPage();
    const { origin, pathname } = new URL(url);
    listen(page, origin, say);
    await page.exposeFunction('fastauthViolated', (what) =>
        say(`CSP: ${what}`));
    await page.addInitScript(() => document.addEventListener(
        'securitypolicyviolation', (event) => globalThis.fastauthViolated(
            `${event.effectiveDirective} ${event.blockedURI}`)));
    try {
        await page.goto(url, { waitUntil: 'networkidle' });
        await look(page, width, say);
        const closed = await page.evaluate(() =>
            [...document.querySelectorAll('details:not([open])')]
                .map((one) => { one.open = true; }).length);
        if (closed > 0) {
            await look(page, width, say);
        }
        if (options.shots) {
            const name = pathname.replace(/\W+/g, '-').replace(/^-|-$/g, '');
            await page.screenshot({ fullPage: true, path: join(options.shots,
                `${name || 'index'}-${colorScheme}-${width}.png`) });
        }
    } catch (error) {
        say(error.message.split('\n')[0]);
    }
    await context.close();
    return [...found];
}

const browser = await launch(urls);
try {
    for (const url of urls) {
        for (const colorScheme of ['light', 'dark']) {
            for (const width of [360, 1280]) {
                const found = await visit(browser, url, colorScheme, width);
                found.forEach((line) => console.log(line));
                process.exitCode ||= found.length > 0 ? 1 : 0;
            }
        }
    }
} finally {
    await browser.close();
}
