export * from './hostile-model.ts';
export * from './model-server.ts';
export * from './orders-repository.ts';
export * from './postgres.ts';
export * from './services/index.ts';
