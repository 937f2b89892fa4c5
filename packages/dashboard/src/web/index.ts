export type { PageSetup } from './pageSetup.ts';
export { WebServer, type WebServerOptions } from './webServer.ts';
