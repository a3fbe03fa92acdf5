-- SPDX-License-Identifier: Apache-2.0
-- What a mod_lua handler is told: headers as they are, notes, environment, once
-- before it reads the body and once after.
require "apache2"

local names = { "user", "scheme", "scopes", "roles", "permissions", "claims",
    "key", "issuer", "owner" }

local function tell(r, when)
    for name, value in pairs(r:headers_in_table()) do
        r:puts(when, " header ", name, "=", value, "\n")
    end
    for _, name in ipairs(names) do
        local note = r.notes["fastauth." .. name]
        local variable = r.subprocess_env["FASTAUTH_" .. name:upper()]
        if note then r:puts(when, " note ", name, "=", note, "\n") end
        if variable then r:puts(when, " env ", name, "=", variable, "\n") end
    end
    r:puts(when, " user=", r.user or "(none)", "\n")
end

function handle(r)
    r.content_type = "text/plain"
    tell(r, "before")
    local body = r:requestbody()
    r:puts("body=", body or "(none)", "\n")
    tell(r, "after")
    return apache2.OK
end
