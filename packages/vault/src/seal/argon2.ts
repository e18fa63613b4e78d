// A module of its own, so that a bundler loads the WebAssembly binary only when a password is typed.
export { argon2id } from 'hash-wasm';
