//! The HTTP and WebSocket server: sessions, rooms, limits; the binary order-chat.
