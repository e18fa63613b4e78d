export { DEV_ACCOUNTS, devAccount } from './node/dev-account.ts';
export { startTempoNode, type TempoNode, type TempoNodeOptions } from './node/start-tempo-node.ts';
