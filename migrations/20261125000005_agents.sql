-- no-transaction
-- Agents are few among users: whom a case may be handed over to.
create index concurrently users_agents on users (id) where account = 'agent';
