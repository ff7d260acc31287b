// What clients may ask, checked before it goes anywhere.
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TEXT_AT_MOST = 4000;

export const isId = (value) => typeof value === 'string' && UUID.test(value);

export const isSeq = (value) => Number.isSafeInteger(value) && value >= 0;

export const isText = (value) => typeof value === 'string' && value !== '' && value.length <= TEXT_AT_MOST;

export const isMessage = ({ room, id, text }) => isId(room) && isId(id) && isText(text);
