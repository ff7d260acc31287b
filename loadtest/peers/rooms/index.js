export { httpServer } from './http.js';
export { isId, isMessage, isSeq } from './request.js';
export { endWith, settings } from './settings.js';
export { Store } from './store.js';
export { Tokens } from './tokens.js';
