using System.Globalization;
using Crosspoint.Calls.Encryption;
using Crosspoint.Primitives;

namespace Crosspoint.Calls.Tests.Encryption;

/// <summary>When senders switch and how long frames of earlier epochs are taken.</summary>
public class ReadyLedgerTests
{
    // commit C(epoch), with removal R(epoch), with a joiner J(epoch); A(epoch) all switch; at ms. Then the oldest epoch taken at several times.
    [Theory]
    [InlineData("C1@0 A1@100", "0:0 10099:0 10100:1")]
    [InlineData("R1@0 A1@100", "0:0 2099:0 2100:1")]
    [InlineData("C1@0 A1@100 C2@5000 A2@5100", "10099:0 10100:1 15099:1 15100:2")]
    [InlineData("C1@0 A1@100 R2@5000 A2@5100", "7099:0 7100:2")]
    [InlineData("C1@0 R2@10 A2@100", "2099:0 2100:2")]
    [InlineData("J1@0 A1@100", "10099:0 10100:1")]
    public void Earlier_epochs_overlap_for_a_while_and_shorter_after_a_removal(string happens, string expected)
    {
        ReadyLedger ledger = new();
        foreach (string step in happens.Split(' '))
        {
            (char what, ulong epoch, Instant at) = (step[0], ulong.Parse(step[1..step.IndexOf('@', StringComparison.Ordinal)], CultureInfo.InvariantCulture), AtMs(step[(step.IndexOf('@', StringComparison.Ordinal) + 1)..]));
            ledger.EndOverlaps(at);
            if (what == 'A')
            {
                ledger.Activated(at, epoch, TimeSpan.FromSeconds(ledger.HasRemoval ? 2 : 10));
            }
            else
            {
                ledger.Committed(at, epoch, TimeSpan.FromSeconds(1), removes: what == 'R', joins: what == 'J');
            }
        }

        foreach (string pair in expected.Split(' '))
        {
            string[] parts = pair.Split(':');
            ledger.EndOverlaps(AtMs(parts[0]));
            Assert.Equal(pair, $"{parts[0]}:{ledger.Oldest}");
        }
    }

    [Fact]
    public void A_switch_that_is_due_is_not_put_off_by_the_next_commit()
    {
        ReadyLedger ledger = new();
        ledger.Committed(KeyScene.At(0), 1, TimeSpan.FromSeconds(1), removes: false, joins: true);
        ledger.Committed(KeyScene.At(900), 2, TimeSpan.FromSeconds(1), removes: false, joins: true);
        Assert.Equal(KeyScene.At(1000), ledger.Deadline);
        ledger.Committed(KeyScene.At(950), 3, TimeSpan.FromMilliseconds(20), removes: true, joins: false);
        Assert.Equal(KeyScene.At(970), ledger.Deadline);
    }

    [Fact]
    public void No_more_epochs_overlap_than_a_key_id_can_tell_apart()
    {
        ReadyLedger ledger = new();
        for (ulong epoch = 0; epoch < 300; epoch++)
        {
            ledger.Committed(KeyScene.At(epoch), epoch, TimeSpan.FromSeconds(1), removes: false, joins: true);
        }

        Assert.Equal(299ul - 128, ledger.Oldest);
    }

    private static Instant AtMs(string text) => KeyScene.At(double.Parse(text, CultureInfo.InvariantCulture));
}
