using System.Reflection;
using Crosspoint.Contracts.Calls;

namespace Crosspoint.Contracts.Tests.Calls;

public sealed class CatalogueTests
{
    [Fact]
    public void Every_message_type_has_one_row() =>
        Assert.Equal(Constants<string>(typeof(MessageTypes)).Order(StringComparer.Ordinal), MessageCatalogue.All.Select(m => m.Type).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_error_code_has_one_row() =>
        Assert.Equal(Constants<string>(typeof(ErrorCodes)).Order(StringComparer.Ordinal), ErrorCatalogue.All.Select(e => e.Code).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_close_code_has_a_row() =>
        Assert.Equal(Constants<int>(typeof(CloseCodes)).Order(), CloseCatalogue.All.Select(c => c.Code).Distinct().Order());

    [Fact]
    public void Answers_and_errors_name_rows()
    {
        foreach (var message in MessageCatalogue.All)
        {
            Assert.All(message.Answers, answer => Assert.Equal(MessageDelivery.Direct, MessageCatalogue.Find(answer)!.Delivery));
            Assert.All(message.Errors.Concat(MessageCatalogue.CommonErrors), code => Assert.NotNull(ErrorCatalogue.Find(code)));
            Assert.Equal(message.Direction == MessageDirection.ClientToServer, message.Delivery == MessageDelivery.None);
        }
    }

    [Theory]
    [InlineData("UNAUTHENTICATED", true)]
    [InlineData("E2EE_NOT_READY", true)]
    [InlineData("E2EE_EPOCH_MISMATCH", true)]
    [InlineData("INTERNAL_ERROR", true)]
    [InlineData("RATE_LIMITED", true)]
    [InlineData("KEY_PACKAGE_TARGET_OFFLINE", true)]
    [InlineData("CONSUMER_RESUME_FAILED", true)]
    [InlineData("VALIDATION_FAILED", false)]
    [InlineData("REPLAY_DETECTED", false)]
    [InlineData("UNSUPPORTED_E2EE", false)]
    [InlineData("UNAUTHORIZED", false)]
    [InlineData("TRANSPORT_NOT_FOUND", false)]
    [InlineData("PRODUCER_NOT_FOUND", false)]
    [InlineData("ROOM_FULL", false)]
    [InlineData("nonsense", false)]
    public void Retryable_is_what_the_first_servers_said(string code, bool retryable) =>
        Assert.Equal(retryable, ErrorCatalogue.IsRetryable(code));

    private static IEnumerable<T> Constants<T>(Type holder) =>
        holder.GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral).Select(f => (T)f.GetRawConstantValue()!);
}
