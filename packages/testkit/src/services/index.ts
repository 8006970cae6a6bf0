export { expressService } from './express-service.ts';
export { fastifyService } from './fastify-service.ts';
export { pnpmService } from './pnpm-service.ts';
export { type MadeService, makeService, type Service } from './service.ts';
