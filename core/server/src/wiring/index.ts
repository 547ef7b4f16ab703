export { type RunningServer, type ServerOptions, startPlatform } from './server.ts';
