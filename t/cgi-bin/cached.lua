-- SPDX-License-Identifier: Apache-2.0
-- A handler with its own mind about caches: the path behind its name is its
-- Cache-Control, a query in capitals its Vary. (A CGI's answer, of no known
-- size, is not for mod_cache_socache.)
require "apache2"

function handle(r)
    local cache = r.path_info:gsub("^/", "")
    if cache ~= "" then r.headers_out["Cache-Control"] = cache end
    if r.args and r.args:match("^%u") then r.headers_out["Vary"] = r.args end
    r.headers_out["ETag"] = '"cached"'
    r.content_type = "text/plain"
    r:puts("for ", r.user or "nobody", " at ", r:clock(), "\n")
    return apache2.OK
end
