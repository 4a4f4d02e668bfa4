namespace Crosspoint.Primitives;

/// <summary>Something that wants to be woken; the heap keeps its own index in it, so that moving a deadline needs no search.</summary>
public interface IDeadline
{
    /// <summary>Position in the heap, −1 when absent. Written by <see cref="DeadlineHeap{T}"/> only.</summary>
    int HeapIndex { get; set; }
}
