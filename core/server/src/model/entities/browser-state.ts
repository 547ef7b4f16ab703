import { defineEntity, p } from '@mikro-orm/core';
import { Session } from './session.ts';

const BrowserStateSchema = defineEntity({
  name: 'BrowserState',
  tableName: 'browser_states',
  properties: {
    /** SHA-256 of the browser's secret and of what it comes back with, hexadecimal. */
    hash: p.string().length(64).primary(),
    /** SHA-256 of the browser's secret, hexadecimal. */
    browser: p.string().length(64).index(),
    /** The session that it belongs to; gone with it. */
    session: () => p.manyToOne(Session).deleteRule('cascade').nullable().index(),
    /** Sealed. */
    value: p.text(),
    expiresAt: p.datetime().index(),
  },
});

/** What a browser comes back for within minutes: a log-in at a provider, an identity that waits to be linked. */
export class BrowserState extends BrowserStateSchema.class {}
BrowserStateSchema.setClass(BrowserState);
