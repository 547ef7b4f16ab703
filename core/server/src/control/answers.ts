import type { RequestListener } from 'node:http';
import { isSteleError, messageOf } from '@stele/sdk';
import type { PluginHost } from '../host/index.ts';
import { readJson, sendJson } from './control-socket.ts';

/** What the `stele` command may ask of a running platform. */
export interface ControlDesk {
  readonly host: PluginHost;
  /** A one-time log-in link. */
  logInLink(email: string | undefined): Promise<string>;
}

const plugin = /^\/plugins\/([a-z][a-z0-9-]{0,62})\/(enable|disable)$/;

/** Answers as JSON; what goes wrong comes as `{code, detail}`. */
export function controlAnswers(desk: ControlDesk): RequestListener {
  return (req, res) => {
    const body = (): Promise<Record<string, unknown>> => readJson(req);
    route(desk, `${req.method} ${req.url}`, body).then(
      (answer) => (answer === undefined ? sendJson(res, 404, { code: 'NOT_FOUND' }) : sendJson(res, 200, answer)),
      (error: unknown) =>
        sendJson(res, 400, { code: isSteleError(error) ? error.code : 'INTERNAL', detail: messageOf(error) }),
    );
  };
}

async function route(desk: ControlDesk, what: string, body: () => Promise<Record<string, unknown>>): Promise<unknown> {
  if (what === 'GET /plugins') return { items: desk.host.list() };
  if (what === 'POST /log-in-link') {
    const { email } = await body();
    return { url: await desk.logInLink(typeof email === 'string' ? email : undefined) };
  }
  const [, id, verb] = what.startsWith('POST ') ? (plugin.exec(what.slice('POST '.length)) ?? []) : [];
  if (id === undefined) return undefined;
  return verb === 'enable' ? desk.host.enable(id) : desk.host.disable(id);
}
