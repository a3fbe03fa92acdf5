// SPDX-License-Identifier: Apache-2.0
// What Redocly's `recommended' rules say of an OpenAPI document: one line for
// each problem, errors and warnings alike. This is the library that its command
// is made of, without what that sends home; nothing is fetched.
//
//   node lint.mjs FILE
import { createConfig, lint } from '@redocly/openapi-core';

const [file] = process.argv.slice(2);
const config = await createConfig({ extends: ['recommended'] });
config.resolve.http.customFetch = (url) => {
    throw new Error(`${url} is elsewhere`);
};

const problems = await lint({ ref: file, config });
for (const { severity, ruleId, location, message } of problems) {
    const { pointer, start } = location[0];
    const where = pointer ?? `line ${start.line}`;
    const text = message.replace(/\s+/g, ' ').trim();
    console.log(`${severity} ${ruleId} ${where}: ${text}`);
}
process.exitCode = problems.length > 0 ? 1 : 0;
