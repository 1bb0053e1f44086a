package dev.telestep.store.postgres;

import dev.telestep.postgres.TestServer;
import dev.telestep.store.RunStoreContract;
import dev.telestep.store.StoreFixture;

/** The contract on the embedded PostgreSQL. */
class EmbeddedRunStoreTest extends RunStoreContract {

  @Override
  protected StoreFixture open() throws Exception {
    TestServer server = TestServer.shared();
    return new PostgresFixture(
        PostgresSettings.of(server.newDatabase(), server.user(), server.password()));
  }
}
