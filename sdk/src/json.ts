/** Any value that JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * A JSON Schema (2020-12) as plain data: what validates a value on the server and what draws its form in the page.
 * Forms use `title`, `description`, `default`, `examples`, `enum`, `minimum`, `maximum`, and these of ours:
 * `x-order` (position of a property), `x-advanced` (folded away at first), `x-unit` (`bytes`, `seconds`), `x-multiline`
 * (pasted or read from a file), `x-secret` (write-only; encrypted at rest), `x-address` (where credentials are sent to:
 * another value wants them given anew).
 */
export type JsonSchema = { readonly [key: string]: unknown };
