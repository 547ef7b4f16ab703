import type { RouteCaller } from '@stele/sdk';
import type { ServiceLog } from './service-log.ts';

/** Answers below `/api/v1/plugins/podman-service/`. The panel's role only hides the panel: the route asks for itself. */
export function answer(request: Request, caller: RouteCaller, services: ServiceLog): Response {
  if (caller.role !== 'admin') return problem(403, 'DENIED', 'Only administrators see the services.');
  const { pathname } = new URL(request.url);
  if (pathname !== '/services') return problem(404, 'NOT_FOUND', 'There is nothing here.');
  if (request.method !== 'GET') return problem(405, 'METHOD', 'The services can only be read.');
  return Response.json({ items: services.list() });
}

function problem(status: number, code: string, detail: string): Response {
  const headers = { 'content-type': 'application/problem+json' };
  return Response.json({ type: 'about:blank', status, code, detail }, { status, headers });
}
