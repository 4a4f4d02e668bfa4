using Crosspoint.Calls.Media;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.Calls.Tests.Media;

public class VideoShapeTests
{
    [Theory]
    [InlineData("L3T3_KEY", 3, 3)]
    [InlineData("L2T1h", 2, 1)]
    [InlineData("L1T2", 1, 2)]
    [InlineData("S3T3", 3, 3)]
    [InlineData("S2T1h", 2, 1)]
    [InlineData(null, 1, null)]
    [InlineData("", 1, null)]
    [InlineData("L3", 1, null)]
    [InlineData("L0T3", 1, null)]
    [InlineData("L9T9", 1, null)]
    [InlineData("L33T3", 1, null)]
    [InlineData("X3T3", 1, null)]
    [InlineData("L3T3junk", 1, null)]
    public void One_encoding_has_the_layers_of_its_mode(string? mode, int spatial, int? temporal) =>
        Assert.Equal(new VideoShape(spatial, temporal), VideoShape.Of(new() { Encodings = [new() { ScalabilityMode = mode }] }));

    [Fact]
    public void Several_encodings_are_as_many_spatial_layers() =>
        Assert.Equal(new VideoShape(2, 3), VideoShape.Of(new() { Encodings = [new() { Rid = "r0", ScalabilityMode = "L1T3" }, new() { Rid = "r1" }] }));

    [Fact]
    public void No_encoding_is_one_layer() => Assert.Equal(new VideoShape(1, null), VideoShape.Of(new RtpParameters()));
}
