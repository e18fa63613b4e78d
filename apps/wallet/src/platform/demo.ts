// A module of its own, so that the size of what a demo account needs can be watched (.size-limit.mjs).
export { demoAccounts, demoSigner } from '@fastpay/vault';
