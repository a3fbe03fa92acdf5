// SPDX-License-Identifier: Apache-2.0
// Is this a document of OpenAPI 3.1? The meta-schema of the corpus says, and
// @seriousme/openapi-schema-validator, with a later one and each $ref followed.
//
// The corpus' leaves Schema Objects to a dialect ($dynamicRef), which ajv takes
// for another schema than it is: here they are those of JSON Schema 2020-12. It
// wants every address to be absolute (format uri), which the standard does not:
// here it is uri-reference. Formats are checked, all but media-range, which
// ajv-formats does not know.
//
//   node validate.mjs FILE CORPUS
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

const [file, corpus] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');
const schema = JSON.parse(
    readFileSync(`${corpus}/openapi/apidevtools_v3.1_schema.json`, 'utf8'),
    (name, value) => {
        if (value?.$dynamicRef === '#meta') {
            return { $ref: DIALECT };
        }
        return name === 'format' && value === 'uri' ? 'uri-reference' : value;
    });

const ajv = new Ajv2020.default({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addFormat('media-range', true);
const valid = ajv.compile(schema);
valid(JSON.parse(text));
const { errors } = await new Validator().validate(JSON.parse(text));

// both speak as ajv does, or in a sentence
function show(who, found) {
    const lines = typeof found === 'string' ? [{ message: found }] : found;
    for (const { instancePath, message, params } of lines ?? []) {
        console.log(`${who}: ${instancePath || '/'} ${message} ` +
            JSON.stringify(params ?? {}));
        process.exitCode = 1;
    }
}

show('meta-schema', valid.errors);
show('validator', errors);
