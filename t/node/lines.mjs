// SPDX-License-Identifier: Apache-2.0
// Does every line of a log keep a JSON Schema (2020-12)? What does not is shown.
//
//   node lines.mjs SCHEMA FILE
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const [schema, file] = process.argv.slice(2);
const ajv = new Ajv2020.default({ strict: true, strictRequired: false,
    allErrors: true });
addFormats.default(ajv);
const valid = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
const bytes = new TextDecoder('utf-8', { fatal: true }).decode(
    readFileSync(file));
let count = 0;

for (const line of bytes.split('\n').slice(0, -1)) {
    let event;

    count += 1;
    try {
        event = JSON.parse(line);
    } catch (error) {
        event = error.message;
    }
    if (!valid(event)) {
        console.log(`${line}\n  ${ajv.errorsText(valid.errors)}`);
        process.exitCode = 1;
    }
}
console.log(`${count} lines`);
