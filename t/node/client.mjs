// SPDX-License-Identifier: Apache-2.0
// A client made of the document: openapi-typescript's types, a program of
// openapi-fetch that calls one operation with a bearer token, compiled as by
// `tsc --strict' and run. What it prints is the HTTP status. The same program
// with a path that the document does not have must not compile.
//
//   node client.mjs FILE BASE TOKEN METHOD PATH [INIT]
//
// INIT is the call's second argument: '{"params": {"path": {"id": "7"}}}'.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync }
    from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const [file, base, token, method, path, init] = process.argv.slice(2);

const program = (at) => `
import createClient from 'openapi-fetch';
import type { paths } from './schema.js';
declare const process: { argv: string[] };
const [baseUrl, token] = process.argv.slice(2);
const client = createClient<paths>({
    baseUrl, headers: { Authorization: \`Bearer \${token}\` },
});
const { response } = await client.${method.toUpperCase()}(
    ${[JSON.stringify(at), ...init ? [init] : []].join(', ')});
console.log(response.status);
`;

// what the compiler says of one file, a line each
function complaints(compiled, name) {
    const source = compiled.getSourceFile(name);
    return ts.getPreEmitDiagnostics(compiled, source).map((one) =>
        `TS${one.code}: ` +
            ts.flattenDiagnosticMessageText(one.messageText, ' '));
}

async function run(dir) {
    const types = await openapiTS(pathToFileURL(realpathSync(file)));
    const modules = join(createRequire(import.meta.url)
        .resolve('openapi-fetch/package.json'), '../..');
    symlinkSync(modules, join(dir, 'node_modules'));
    writeFileSync(join(dir, 'package.json'), '{"type": "module"}');
    // .ts, since a .d.ts is not looked into where skipLibCheck is
    writeFileSync(join(dir, 'schema.ts'), astToString(types));
    const good = join(dir, 'good.ts');
    const bad = join(dir, 'bad.ts');
    writeFileSync(good, program(path));
    writeFileSync(bad, program(`${path}/which/is/not/there`));

    const compiled = ts.createProgram([good, bad], {
        strict: true,
        skipLibCheck: true,
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
        types: [],
    });
    const wrong = [...complaints(compiled, join(dir, 'schema.ts')),
        ...complaints(compiled, good)];
    // TS2345: the argument is none of the paths
    if (wrong.length === 0 &&
        !complaints(compiled, bad).some((one) => one.startsWith('TS2345:'))) {
        wrong.push('a path that the document does not have compiles');
    }
    wrong.forEach((line) => console.log(line));
    if (wrong.length > 0) {
        return 1;
    }
    compiled.emit();
    execFileSync(process.execPath, [join(dir, 'good.js'), base, token],
        { stdio: 'inherit', timeout: 30000 });
    return 0;
}

const dir = realpathSync(mkdtempSync(join(tmpdir(), 'client-')));
try {
    process.exitCode = await run(dir);
} finally {
    rmSync(dir, { recursive: true });
}
