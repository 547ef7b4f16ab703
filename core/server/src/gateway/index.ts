export { ClientAddresses } from './client.ts';
export { Gateway, type TicketRequest } from './gateway.ts';
export { type GatewayLimits, type GatewayOptions, type PortMode, type SubdomainMode } from './options.ts';
export type { PortRange } from './listening.ts';
export type {
  Clock,
  GatewayTask,
  Random,
  Revocation,
  SessionGuard,
  TaskDirectory,
  TunnelDirectory,
  TunnelTask,
} from './ports.ts';
export { type TunnelPlace, Tunnels, type TunnelsOptions } from './tunnels.ts';
export { share } from './server.ts';
export type { TicketLedger, Visit } from './tickets.ts';
