// SPDX-License-Identifier: Apache-2.0
// What pages of two origins can read of a third, by Chromium's fetch(). One
// line for each thing tried: NAME = STATUS and what was read, or `refused'.
//
//   node cors.mjs PAGE STRANGER API TOKEN KEY
//
// PAGE is of an origin that may ask API, STRANGER is not. KEY is an API key,
// which the browser has in the cookie `key' of API.
import { launch } from './browser.mjs';

const [own, stranger, api, token, key] = process.argv.slice(2);

// In the page: ask, and read what a script may read
async function ask([url, init, read]) {
    try {
        const response = await fetch(url, { cache: 'no-store', ...init });
        const text = (await response.text()).trim();
        const found = read.map((name) => {
            const value = response.headers.get(name);
            return name === 'RateLimit' && value
                ? value.replace(/.*;r=(\d+);.*/, '$1')
                : name === 'Retry-After' ? value && name : value ?? '-';
        });
        return [response.status, ...read.length > 0 ? found : [text]]
            .filter((one) => one !== null).join(' ');
    } catch (error) {
        return error instanceof TypeError ? 'refused' : String(error);
    }
}

const bearer = { headers: { Authorization: `Bearer ${token}` } };
const cookies = { credentials: 'include' };
const put = { method: 'PATCH', headers: { 'X-Any': 'y' } };
const one = { headers: { 'X-A': 'the-browser' } };
const tried = {
    'a simple request': ['/list/file'],
    'a preflight, then a token': ['/list/kept/file', bearer],
    'no token': ['/list/kept/file', {}, ['WWW-Authenticate']],
    'cookies go along': ['/list/cookie/file', cookies],
    'cookies do not go along': ['/list/cookie/file', {}, ['X-None']],
    'an API key of the page': ['/list/file', { headers: { 'X-API-Key': key } }],
    'a method that may not be': ['/list/file', { method: 'DELETE' }],
    'a header that may not be': ['/list/file', { headers: { 'X-B': 'y' } }],
    'limited 1': ['/list/limited/file', one, ['RateLimit']],
    'limited 2': ['/list/limited/file', one, ['RateLimit']],
    'limited 3': ['/list/limited/file', one, ['RateLimit', 'Retry-After']],
    'not exposed': ['/list/file', {}, ['ETag']],
    'guide: list': ['/guide-list/cgi', put],
    'guide: list, cookies': ['/guide-list/cookie/file', cookies],
    'guide: any': ['/guide-any/cgi', put],
    'guide: any, cookies': ['/guide-any/file', cookies],
    backend: ['/list/back/file', cookies],
    none: ['/list/none/file'],
};
const triedByStranger = {
    'stranger: simple': ['/list/file'],
    'stranger: a preflight': ['/list/kept/file', bearer],
    'stranger: cookies': ['/list/cookie/file', cookies],
    'stranger: 401': ['/list/kept/file'],
    'stranger: guide: list': ['/guide-list/file'],
    'stranger: guide: any': ['/guide-any/file'],
};

const browser = await launch([own, stranger, api]);
try {
    const context = await browser.newContext();
    await context.addCookies([{ name: 'key', value: key, url: api }]);
    for (const [url, all] of [[own, tried], [stranger, triedByStranger]]) {
        const page = await context.newPage();
        await page.goto(url);
        for (const [name, [path, init, read]] of Object.entries(all)) {
            const found = await page.evaluate(ask,
                [api + path, init ?? {}, read ?? []]);
            console.log(`${name} = ${found.split('\n')[0]}`);
        }
    }
} finally {
    await browser.close();
}
