export { type FolderTelemetry, readServiceFolder, type ServiceFolder } from './service-folder.ts';
