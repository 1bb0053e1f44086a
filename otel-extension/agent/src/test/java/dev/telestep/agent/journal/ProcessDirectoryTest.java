package dev.telestep.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessDirectoryTest {

  @TempDir Path base;

  /** What another process does: claims what it takes for orphans, and says how many. */
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println(ProcessDirectory.claimOrphans(Path.of(arguments[0])).size());
    }
  }

  @Test
  void directoryOfALiveProcess_isNoOrphanToAnother_evenAfterItsOwnScans() throws Exception {
    ProcessDirectory own = ProcessDirectory.create(base);
    for (int scan = 0; scan < 3; scan++) {
      assertThat(ProcessDirectory.claimOrphans(base)).isEmpty();
    }
    assertThat(claimedByAnotherProcess()).isZero();
    own.release();
    assertThat(claimedByAnotherProcess()).isEqualTo(1);
  }

  @Test
  void orphanThatThisProcessClaimed_isNoOrphanToAnother() throws Exception {
    ProcessDirectory.create(base).release();
    List<ProcessDirectory> claimed = ProcessDirectory.claimOrphans(base);
    assertThat(claimed).hasSize(1);
    assertThat(ProcessDirectory.claimOrphans(base)).isEmpty();
    assertThat(claimedByAnotherProcess()).isZero();
    claimed.get(0).delete();
    assertThat(claimedByAnotherProcess()).isZero();
    assertThat(base).isEmptyDirectory();
  }

  @Test
  void scanThroughASymbolicLink_leavesTheLockAlone() throws Exception {
    Path real = Files.createDirectory(base.resolve("real"));
    Path link = Files.createSymbolicLink(base.resolve("link"), real);
    ProcessDirectory own = ProcessDirectory.create(real);
    assertThat(ProcessDirectory.claimOrphans(link)).isEmpty();
    assertThat(claimedByAnotherProcess(real)).isZero();
    own.release();
  }

  private int claimedByAnotherProcess() throws Exception {
    return claimedByAnotherProcess(base);
  }

  private static int claimedByAnotherProcess(Path directory) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
    assertThat(process.waitFor()).isZero();
    return Integer.parseInt(output);
  }
}
