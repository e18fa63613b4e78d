export { createHttpPost } from './http/http-post.ts';
