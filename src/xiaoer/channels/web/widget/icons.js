/** Path data of the drawings, on a 24 by 24 field, drawn with a stroke. */

export const CHAT = "M4 5h16v11H10l-5 4v-4H4zM8.5 10.5h.01M12 10.5h.01M15.5 10.5h.01";
export const CLOSE = "M6 6l12 12M18 6L6 18";
export const MORE = "M5 12h.01M12 12h.01M19 12h.01";
export const PICTURE = "M4 6h16v13H4zM4 16l4.5-4.5L13 16l2.5-2.5L20 18M15.5 9.5h.01";
export const SEND = "M12 19V5M6 11l6-6 6 6";
export const DOWN = "M12 5v14M6 13l6 6 6-6";
export const SENT = "M5 12.5l4.5 4.5L19 7.5";
export const WAITING = "M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z";
export const GOODS = "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8";
export const ORDER = "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6";
