using System.Text;
using System.Text.Json;
using Crosspoint.Contracts.Calls;
using Crosspoint.Contracts.Rtp;

namespace Crosspoint.ContractsGen;

/// <summary>Writes the client's types.</summary>
public sealed class TypeScriptWriter(ContractModel model)
{
    private readonly StringBuilder _out = new();

    /// <summary>The whole file.</summary>
    public string Write()
    {
        Line("// Generated from src/Crosspoint.Contracts. Do not edit: " + GeneratedFiles.Command);
        Line();
        Doc("The version in every envelope.");
        Line($"export const PROTOCOL_VERSION = {Envelope.CurrentVersion};");
        Types();
        Messages();
        Errors();
        Closes();
        return _out.ToString();
    }

    private void Types()
    {
        var roots = MessageCatalogue.All.Select(m => m.Payload.Type).Append(typeof(Ack)).Append(typeof(HealthBody)).Append(typeof(MetricsBody));
        foreach (var type in model.Reach(roots))
        {
            Line();
            Doc(model.Docs.Of(type));
            if (type.IsEnum)
            {
                Line($"export type {type.Name} = {Union(model.Words(type))};");
            }
            else
            {
                Interface(type);
            }
        }
    }

    private void Interface(Type type)
    {
        var fields = model.Fields(type);
        if (fields.Count == 0)
        {
            Line($"export type {type.Name} = Record<string, never>;");
            return;
        }

        Line($"export interface {type.Name} {{");
        foreach (var field in fields)
        {
            Doc(model.Docs.Of(field.Member), "  ");
            Line($"  {field.Name}{(field.AlwaysThere ? "" : "?")}: {(field.Words is { } words ? Union(words) : Of(type, field))};");
        }

        if (model.KeepsOtherFields(type))
        {
            Doc("Fields of the sender's own.", "  ");
            Line("  [other: string]: unknown;");
        }

        Line("}");
    }

    private string Of(Type owner, ContractField field) =>
        owner == typeof(AckError) && field.Name == "code" ? "ErrorCode" : Of(field.Type);

    private string Of(Type type)
    {
        if (type == typeof(string))
        {
            return "string";
        }

        if (type == typeof(bool))
        {
            return "boolean";
        }

        // A codec parameter is a number, text, a boolean or null; browsers' own types say unknown.
        if (type == typeof(JsonElement) || type == typeof(ParameterValue))
        {
            return "unknown";
        }

        return Shape.ListOf(type) is { } element ? $"{Of(element)}[]"
            : Shape.MapOf(type) is { } mapped ? $"Record<string, {Of(mapped)}>"
            : type.IsEnum || model.IsRecord(type) ? type.Name
            : "number";
    }

    private void Messages()
    {
        var requests = MessageCatalogue.All.Where(m => m.Direction.HasFlag(MessageDirection.ClientToServer)).ToList();
        var answers = MessageCatalogue.All.Where(m => m.Direction.HasFlag(MessageDirection.ServerToClient)).ToList();
        Payloads("ClientPayloads", "The payload of each message a client sends.", requests);
        Payloads("ServerPayloads", "The payload of each message the server sends or relays.", answers);
        Line();
        Line("export type ClientMessageType = keyof ClientPayloads;");
        Line("export type ServerMessageType = keyof ServerPayloads;");
        Line();
        Doc("What every frame has.");
        Line("export interface Frame<Type extends string, Payload> {");
        Line("  v: typeof PROTOCOL_VERSION;");
        Line("  type: Type;");
        Doc("A UUID of this frame; a retry repeats it.", "  ");
        Line("  msgId: string;");
        Doc("When it was sent, ms since the Unix epoch.", "  ");
        Line("  ts: number;");
        Line("  payload: Payload;");
        Line("}");
        Line();
        Doc("A frame from the client; `seq` is higher than any before on the connection.");
        Line("export type ClientFrame<Type extends ClientMessageType> = Frame<Type, ClientPayloads[Type]> & { seq: number };");
        Line();
        Doc("A frame from the server; `seq` counts direct answers, ACKs and broadcasts have none.");
        Line("export type ServerFrame<Type extends ServerMessageType> = Frame<Type, ServerPayloads[Type]> &");
        Line("  (Type extends \"ACK\" ? { ack: Ack; seq?: never } : { ack?: never; seq?: number });");
        Line();
        Line("export type ClientMessage = { [Type in ClientMessageType]: ClientFrame<Type> }[ClientMessageType];");
        Line("export type ServerMessage = { [Type in ServerMessageType]: ServerFrame<Type> }[ServerMessageType];");
        Line();
        Doc("The direct frames that precede the ACK of a request that succeeds, in order.");
        Line("export const ANSWERS = {");
        foreach (var message in requests)
        {
            Line($"  {message.Type}: [{string.Join(", ", message.Answers.Select(Quote))}],");
        }

        Line("} as const satisfies { [Type in ClientMessageType]: readonly ServerMessageType[] };");
        Line();
        Doc("Every type the server may send.");
        Line("export const SERVER_MESSAGE_TYPES = [");
        foreach (var message in answers)
        {
            Line($"  {Quote(message.Type)},");
        }

        Line("] as const satisfies readonly ServerMessageType[];");
    }

    private void Payloads(string name, string doc, IEnumerable<MessageDescriptor> messages)
    {
        Line();
        Doc(doc);
        Line($"export interface {name} {{");
        foreach (var message in messages)
        {
            Doc(message.Summary, "  ");
            Line($"  {message.Type}: {message.Payload.Type.Name};");
        }

        Line("}");
    }

    private void Errors()
    {
        Line();
        Doc("Every `error.code`, and whether a retry may help unless the frame says otherwise.");
        Line("export const ERRORS = {");
        foreach (var error in ErrorCatalogue.All)
        {
            Doc(error.Meaning, "  ");
            Line($"  {error.Code}: {{ retryable: {(error.Retryable ? "true" : "false")} }},");
        }

        Line("} as const;");
        Line();
        Line("export type ErrorCode = keyof typeof ERRORS;");
    }

    private void Closes()
    {
        Line();
        Doc("Every close the server makes, by reason: the WebSocket close code, and whether to connect again.");
        Line("export const CLOSES = {");
        foreach (var close in CloseCatalogue.All)
        {
            Doc(close.Meaning, "  ");
            Line($"  {close.Reason}: {{ code: {close.Code}, reconnect: {(close.Reconnect ? "true" : "false")} }},");
        }

        Line("} as const;");
        Line();
        Line("export type CloseReason = keyof typeof CLOSES;");
        Line("export type CloseCode = (typeof CLOSES)[CloseReason][\"code\"];");
    }

    private static string Union(IEnumerable<string> words) => string.Join(" | ", words.Select(Quote));

    private static string Quote(string word) => $"\"{word}\"";

    private void Doc(string text, string indent = "") => Line($"{indent}/** {text.Replace("*/", "* /", StringComparison.Ordinal)} */");

    private void Line(string text = "") => _out.Append(text).Append('\n');
}
