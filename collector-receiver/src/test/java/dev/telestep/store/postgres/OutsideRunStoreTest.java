package dev.telestep.store.postgres;

import dev.telestep.postgres.OutsideServer;
import dev.telestep.store.RunStoreContract;
import dev.telestep.store.StoreFixture;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** The contract on a server of somebody else, as a role that may not make other roles. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutsideRunStoreTest extends RunStoreContract {

  private @Nullable OutsideServer server;

  @Override
  protected StoreFixture open() throws Exception {
    OutsideServer outside = OutsideServer.start("outside-contract");
    server = outside;
    return new PostgresFixture(
        PostgresSettings.of(outside.newDatabase(), outside.user(), outside.password())
            .withReadOnlyPassword("cannot be set"));
  }

  @AfterAll
  void stopServer() throws IOException {
    if (server != null) {
      server.close();
    }
  }
}
