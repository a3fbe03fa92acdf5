// SPDX-License-Identifier: Apache-2.0
// Chromium, as the other scripts start it. CHROMIUM names it, else it is looked
// for in PATH.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

function browserFile() {
    const names = process.env.CHROMIUM ? [process.env.CHROMIUM]
        : process.env.PATH.split(delimiter).flatMap((dir) =>
            ['chromium', 'chromium-browser'].map((name) => join(dir, name)));
    return names.find((name) => {
        try {
            accessSync(name, constants.X_OK);
            return true;
        } catch {
            return false;
        }
    });
}

// In its sandbox, but for root, who has none, and where the kernel has none. It
// finds the hosts of these URLs, and no other.
export async function launch(urls) {
    const hosts = urls.map((url) => `, EXCLUDE ${new URL(url).hostname}`);
    const how = {
        executablePath: browserFile(),
        args: [`--host-resolver-rules=MAP * ~NOTFOUND${hosts.join('')}`],
    };
    if (process.getuid() !== 0) {
        try {
            return await chromium.launch({ ...how, chromiumSandbox: true });
        } catch {
            // what else is wrong the second try says
        }
    }
    return chromium.launch(how);
}
