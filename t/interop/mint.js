// SPDX-License-Identifier: Apache-2.0
// Tokens by jose, another library: jobs on standard input, a JSON list of
// {alg, key (PKCS8 PEM, or base64url of a secret), header, claims}; on standard
// output a JSON list of tokens. With arguments, tokens are verified instead:
// {alg, key (SPKI PEM or secret), token}, and out come payloads or nulls.
'use strict';
const jose = require('jose');

async function keyOf(job, read) {
    if (job.alg.startsWith('HS')) {
        return Buffer.from(job.key, 'base64url');
    }
    return read(job.key, job.alg);
}

async function mint(job) {
    const key = await keyOf(job, jose.importPKCS8);
    return new jose.SignJWT(job.claims)
        .setProtectedHeader({ ...job.header, alg: job.alg })
        .sign(key);
}

async function verify(job) {
    const key = await keyOf(job, jose.importSPKI);
    try {
        const proved = await jose.jwtVerify(job.token, key,
            { algorithms: [job.alg] });
        return proved.payload;
    } catch (error) {
        return null;
    }
}

async function main() {
    const jobs = JSON.parse(require('fs').readFileSync(0, 'utf8'));
    const work = process.argv.length > 2 ? verify : mint;
    process.stdout.write(JSON.stringify(await Promise.all(jobs.map(work))));
}

main().catch((error) => {
    process.stderr.write(`${error}\n`);
    process.exit(1);
});
