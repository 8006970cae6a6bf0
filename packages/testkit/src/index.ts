export * from './orders-repository.ts';
export * from './postgres.ts';
